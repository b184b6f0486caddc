// A whole chat client: javac Chat.java && java Chat HOST PORT NAME
// Two threads: main reads the keyboard, the other one reads the server.

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

public class Chat {
    private final DataInputStream in;
    private final DataOutputStream out;
    private final PrintStream screen;

    Chat(Socket socket) throws IOException {
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        screen = new PrintStream(System.out, true, "UTF-8");
    }

    // synchronized: both threads send, and a frame must go out whole
    synchronized void send(String... fields) throws IOException {
        byte[] payload = String.join("\0", fields).getBytes(StandardCharsets.UTF_8);
        out.writeInt(payload.length);  // big endian, as the wire wants it
        out.write(payload);
        out.flush();
    }

    void listen() {
        try {
            while (true) {
                byte[] payload = new byte[Math.min(in.readInt(), 65_536)];
                in.readFully(payload);  // read() alone may bring less
                receive(new String(payload, StandardCharsets.UTF_8).split("\0", -1));
            }
        } catch (IOException gone) {
            System.exit(0);  // though the keyboard is still open
        }
    }

    void receive(String[] fields) throws IOException {
        String[] f = Arrays.copyOf(fields, Math.max(fields.length, 8));
        for (int i = fields.length; i < f.length; i++) f[i] = "";  // missing: empty
        switch (f[0]) {
            case "ping" -> send("pong", f[1]);
            case "said" -> show(f[4] + ": " + f[5]);
            case "told" -> show(f[3] + " to " + f[4] + ": " + f[5]);
            case "joined" -> show("joined: " + f[2]);
            case "left" -> show("left (" + f[2] + "): " + f[3]);
            case "error" -> show("error: " + f[3]);
            case "notice" -> show(f[1]);
            case "bye" -> show("bye: " + f[1] + " " + f[2]);
            default -> { }  // there will be more verbs
        }
    }

    void show(String line) {
        screen.println(line.replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "?"));
    }

    public static void main(String[] words) throws IOException {
        Chat chat = new Chat(new Socket(words[0], Integer.parseInt(words[1])));
        new Thread(chat::listen).start();
        chat.send("hello", "1", words[2]);
        BufferedReader keyboard =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        for (int number = 0; (line = keyboard.readLine()) != null; number++) {
            chat.send("say", "k" + number, "#lobby", line);
        }
        chat.send("quit");  // the listener hears the bye, and ends us
    }
}
