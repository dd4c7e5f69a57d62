# SPDX-License-Identifier: Apache-2.0
"""A client of Linnet level 0 packets, written from Specs/protocol.md alone: `linnet_reference.py client`."""
import socket

from linnet_reference import CHECKSUM_OFFSET, FLAG_PAYLOAD_CHECKSUM, Decoder, Encoder, Packet, Settings


def connect(target: str, timeout: float) -> socket.socket:
    """Connect to HOST:PORT, with an IPv6 address in brackets, or to unix:PATH."""
    if target.startswith("unix:"):
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        peer.settimeout(timeout)
        peer.connect(target.removeprefix("unix:"))
        return peer
    host, _, port = target.rpartition(":")
    peer = socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def receive_answers(peer: socket.socket, count: int | None, settings: Settings) -> list[Packet]:
    """Receive this many packets, or all until FIN; raise ValueError if the direction is not as §4 wants it."""
    decoder, answers = Decoder(settings), []
    while count is None or len(answers) < count:
        data = peer.recv(65536)
        answers += decoder.feed(data)
        if decoder.error or not data and decoder.finish():
            raise ValueError(f"the answers are not a direction of packets: {decoder.error}")
        if not data and count is None:
            return answers
        if not data:
            raise ValueError(f"FIN came after {len(answers)} of {count} answers")
    return answers


def exchange(peer: socket.socket, segments: list[bytes], count: int | None, settings: Settings) -> list[Packet]:
    """Send all, and receive this many answers before our FIN, or all if it is the server that ends; then its FIN."""
    for segment in segments:
        peer.sendall(segment)
    answers = receive_answers(peer, count, settings)
    if count is not None:
        peer.shutdown(socket.SHUT_WR)  # FIN: the server answers what it has, then sends FIN (§6.2)
        answers += receive_answers(peer, None, settings._replace(sequence="ignore"))
    return answers  # after a bad packet the server answers every one before it, then sends FIN (§6.1), without ours


def talk(arguments) -> int:
    """Send packets to a server that echoes and check what comes back; the exit status is 1 if it is wrong."""
    settings = Settings(magic=arguments.magic, max_packet_size=arguments.max_packet).validated()
    encoder, payloads = Encoder(settings), [bytes.fromhex(text) for text in arguments.payload_hex or ["00"]]
    sent = [payloads[index % len(payloads)] for index in range(arguments.count)]
    stream = b"".join(encoder.encode(payload, arguments.flags) for payload in sent)
    if arguments.then_bad:  # §4.2: right but for its header checksum, and bytes that nobody reads behind it
        bad = bytearray(encoder.encode(b"bad"))
        bad[CHECKSUM_OFFSET] ^= 0xFF
        stream += bytes(bad) + b"behind the error"
    segments = [stream[i : i + 1] for i in range(len(stream))] if arguments.byte_by_byte else [stream]
    with connect(arguments.target, arguments.timeout) as peer:
        try:
            answers = exchange(peer, segments, None if arguments.then_bad else arguments.count, settings)
        except (ValueError, OSError) as problem:
            print(problem)
            return 1
    echoed = FLAG_PAYLOAD_CHECKSUM | 0xF000  # §2.4: the trailer's bit and the application's, as linnetctl echoes them
    expected = [(payload, arguments.flags & echoed) for payload in sent]
    got = [(answer.payload, answer.flags) for answer in answers]
    if got != expected:
        wrong = next((i for i, pair in enumerate(zip(got, expected)) if pair[0] != pair[1]), min(len(got), len(expected)))
        print(f"{len(got)} answers to {len(expected)} packets; the first that is wrong is number {wrong}")
        return 1
    print(f"{len(got)} answers, then FIN")
    return 0
