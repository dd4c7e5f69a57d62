// SPDX-License-Identifier: Apache-2.0

// Servers with Go's standard library. usage: go-peers PORT raw|http|burn
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

func echo(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 16*1024)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:count]); err != nil {
			return
		}
	}
}

func serveRaw(listener net.Listener) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go echo(connection) // Go sets TCP_NODELAY itself
	}
}

var hello = []byte("Hello, World!\n")

func answerHello(writer http.ResponseWriter, request *http.Request) {
	header := writer.Header()
	header["Content-Type"] = []string{"text/plain"}
	header["Content-Length"] = []string{"14"}
	writer.Write(hello)
}

// 100,000 steps, as in Tests/Benchmarks/Sources/burn. Each waits for the one before it: exclusive or and
// multiplication have no law by which a compiler could take several at once.
func burn(seed uint64) uint64 {
	value := seed
	for step := uint64(0); step < 100_000; step++ {
		value = (value ^ step) * 6364136223846793005
	}
	return value
}

func answerBurn(writer http.ResponseWriter, request *http.Request) {
	count, err := io.Copy(io.Discard, request.Body)
	if err != nil {
		return
	}
	fmt.Fprintf(writer, "%d\n", burn(uint64(count)))
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: go-peers PORT raw|http|burn")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	switch os.Args[2] {
	case "http":
		err = http.Serve(listener, http.HandlerFunc(answerHello))
	case "burn":
		err = http.Serve(listener, http.HandlerFunc(answerBurn))
	default:
		err = serveRaw(listener)
	}
	log.Fatal(err)
}
