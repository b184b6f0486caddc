// A whole chat client: go run chat.go HOST PORT NAME
// Two goroutines: main reads the keyboard, the other one reads the server.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"unicode"
)

var (
	server  net.Conn
	sending sync.Mutex // both goroutines send, and a frame must go out whole
)

func send(fields ...string) {
	payload := strings.Join(fields, "\x00")
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload))) // bytes
	sending.Lock()
	defer sending.Unlock()
	server.Write(append(frame, payload...))
}

func show(fields ...string) {
	fmt.Println(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, strings.Join(fields, ": ")))
}

func receive(f []string) {
	f = append(f, make([]string, 8)...) // missing fields are empty
	switch f[0] {                       // unknown verbs are ignored: there will be more
	case "ping":
		send("pong", f[1])
	case "said":
		show(f[4], f[5])
	case "told":
		show(f[3]+" to "+f[4], f[5])
	case "joined":
		show("joined", f[2])
	case "left":
		show("left", f[3])
	case "error":
		show("error", f[3])
	case "notice":
		show(f[1])
	case "bye":
		show("bye", f[1], f[2])
	}
}

func listen() {
	header := make([]byte, 4)
	for {
		if _, err := io.ReadFull(server, header); err != nil { // Read may bring less
			os.Exit(0) // the server has gone, though the keyboard is still open
		}
		payload := make([]byte, binary.BigEndian.Uint32(header)&0x1ffff)
		if _, err := io.ReadFull(server, payload); err != nil {
			os.Exit(0)
		}
		receive(strings.Split(string(payload), "\x00"))
	}
}

func main() {
	var err error
	if server, err = net.Dial("tcp", net.JoinHostPort(os.Args[1], os.Args[2])); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go listen()
	send("hello", "1", os.Args[3])
	keyboard := bufio.NewReader(os.Stdin)
	for number := 0; ; number++ {
		line, err := keyboard.ReadString('\n')
		if err != nil {
			break
		}
		send("say", fmt.Sprint("k", number), "#lobby", strings.TrimSuffix(line, "\n"))
	}
	send("quit")
	select {} // listen hears the bye, and ends us
}
