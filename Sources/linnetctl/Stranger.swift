// SPDX-License-Identifier: Apache-2.0

/// Something that is not Linnet, known by its first bytes.
struct Stranger {
    let beginning: [UInt8]
    /// A sentence that says what it is, and what to do.
    let meaning: String

    static let all = http + protocols + files

    private static let http = [
        "GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ", "PRI * ",
        "HTTP/",
    ].map { text in
        let kind = text == "HTTP/" ? "response" : "request"
        return Stranger(
            beginning: Array(text.utf8),
            meaning: """
                "\(text)" begins an HTTP \(kind): the sender speaks HTTP, and the receiver expects \
                packets of Linnet.
                """
        )
    }

    private static let protocols = [
        Stranger(
            beginning: [0x16, 0x03],
            meaning: """
                This begins a TLS handshake, such as a ClientHello: the sender speaks TLS, and the \
                receiver expects bare packets. Turn TLS off, or let a proxy end it.
                """
        ),
        Stranger(
            beginning: Array("SSH-".utf8),
            meaning: "This is how SSH begins: the sender reached the wrong port."
        ),
        Stranger(
            beginning: [0, 0, 0, 0],
            meaning: """
                These bytes are zero. Packets are not padded: each begins at the byte behind the \
                last one of the packet before (1.4).
                """
        ),
    ]

    /// Hexadecimal text of the default magic; pcap of both byte orders; pcapng.
    private static let files =
        [
            Stranger(
                beginning: Array("4c4e4e54".utf8),
                meaning: "This is hexadecimal text of packets, read as raw bytes: use --input hex."
            )
        ]
        + [
            [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0xC3, 0xD4], [0x0A, 0x0D, 0x0D, 0x0A],
        ].map {
            Stranger(
                beginning: $0,
                meaning: """
                    This is a file of tcpdump or Wireshark, with the network's packets around the \
                    stream. Save one direction alone: in Wireshark "Follow TCP Stream", shown as \
                    Raw.
                    """
            )
        }
}
