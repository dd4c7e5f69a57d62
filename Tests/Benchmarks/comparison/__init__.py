# SPDX-License-Identifier: Apache-2.0
"""What `compare` and `http-growth` share: building peers, running them, and telling what came out."""
