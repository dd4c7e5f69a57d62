// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetSchema

/// The `.linnet` files that a command works on.
struct SchemaFiles: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Files, or folders with all .linnet files in them.",
            valueName: "path"
        )
    )
    var paths: [String]

    /// The files, those of folders in alphabetical order.
    func files() throws -> [String] {
        let files = try paths.flatMap(Self.files)
        if files.isEmpty {
            throw stop(
                "There is no .linnet file in \(paths.joined(separator: ", ")).",
                exitCode: 66
            )
        }
        return files
    }

    /// The files, compiled. Warnings are printed; errors too, and then the exit code is thrown.
    func compiled() throws -> SchemaSet {
        try Self.compiled(files())
    }

    static func compiled(_ files: [String]) throws -> SchemaSet {
        let set = SchemaSet(files, load: text)
        complain(set.rendered(set.diagnostics))
        if set.hasErrors { throw ExitCode(1) }
        return set
    }

    /// The file, compiled.
    static func schema(_ path: String) throws -> Schema {
        let set = try compiled([path])
        guard let file = set.files.first else { throw ExitCode(1) }
        return file.schema
    }

    /// The text of a file, or `nil` if it cannot be read. What is not UTF-8 becomes U+FFFD, so that
    /// the compiler points at it.
    static func text(_ path: String) -> String? {
        (try? CaptureInput(path: path).read()).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func files(at path: String) throws -> [String] {
        let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.isDirectoryKey])
        guard values?.isDirectory == true else { return [path] }
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let folder = path.hasSuffix("/") ? path : path + "/"
        return all.filter { name in
            // Neither what builds make nor what version control keeps.
            name.hasSuffix(".linnet") && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }.sorted().map { folder + $0 }
    }
}

/// Tells the user, beside the output.
func complain(_ text: String) {
    if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Writes a file of text unless it has the text already.
func write(_ text: String, to path: String) throws {
    if SchemaFiles.text(path) == text { return }
    do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw stop("\"\(path)\" cannot be written: \(error.localizedDescription)", exitCode: 73)
    }
}
