// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    extension Interleaver.Report {
        /// One line for the log: how much of a case was run.
        public func summary(_ name: String) -> String {
            let extent = failure != nil ? "found" : isExhaustive ? "exhaustive" : "not exhaustive"
            return "interleavings: \(name): \(interleavingCount), cut \(cutCount), \(extent)"
        }
    }
#endif
