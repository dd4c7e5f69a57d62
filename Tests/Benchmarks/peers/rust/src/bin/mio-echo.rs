// SPDX-License-Identifier: Apache-2.0
//! Echo with mio: one thread, one buffer for all connections, memory only for what a socket does not take.
//! usage: mio-echo PORT

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind, Read, Write};

const LISTENER: Token = Token(usize::MAX - 1);

struct Connection {
    stream: TcpStream,
    unsent: Vec<u8>,
}

impl Connection {
    /// Sends, and keeps what the socket does not take.
    fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while self.unsent.is_empty() && !bytes.is_empty() {
            match self.stream.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        self.unsent.extend_from_slice(bytes);
        Ok(())
    }

    fn put_unsent(&mut self) -> io::Result<()> {
        let unsent = std::mem::take(&mut self.unsent);
        self.put(&unsent)
    }

    /// False when the connection has ended.
    fn echo(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return Ok(false),
                Ok(count) => {
                    self.put(&buffer[..count])?;
                    // A short read has emptied the socket: what comes later is a new edge.
                    if count < buffer.len() {
                        return Ok(true);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            }
        }
    }
}

fn accept_all(
    listener: &TcpListener,
    poll: &Poll,
    connections: &mut Vec<Option<Connection>>,
    free: &mut Vec<usize>,
) -> io::Result<()> {
    while let Ok((mut stream, _)) = listener.accept() {
        stream.set_nodelay(true)?;
        let index = free.pop().unwrap_or_else(|| {
            connections.push(None);
            connections.len() - 1
        });
        let both = Interest::READABLE | Interest::WRITABLE;
        poll.registry().register(&mut stream, Token(index), both)?;
        connections[index] = Some(Connection { stream, unsent: Vec::new() });
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let port: Option<u16> = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let port = port.expect("usage: mio-echo PORT");
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::bind(([127, 0, 0, 1], port).into())?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(1024);
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut free = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                accept_all(&listener, &poll, &mut connections, &mut free)?;
                continue;
            }
            let index = event.token().0;
            let connection = match &mut connections[index] {
                Some(connection) => connection,
                None => continue,
            };
            let mut is_alive = true;
            if event.is_writable() && !connection.unsent.is_empty() {
                is_alive = connection.put_unsent().is_ok();
            }
            if is_alive && event.is_readable() {
                is_alive = connection.echo(&mut buffer).unwrap_or(false);
            }
            if !is_alive {
                connections[index] = None;
                free.push(index);
            }
        }
    }
}
