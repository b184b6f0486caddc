// A whole chat client: rustc chat.rs && ./chat HOST PORT NAME
// Two threads: main reads the keyboard, the other one reads the server.

use std::io::{stdin, BufRead, Read, Result, Write};
use std::net::TcpStream;
use std::{env, process, thread};

/// One write for a whole frame: both threads send, and frames must not mix.
fn send(mut server: &TcpStream, fields: &[&str]) -> Result<()> {
    let payload = fields.join("\0");
    let mut frame = (payload.len() as u32).to_be_bytes().to_vec(); // bytes, not chars
    frame.extend(payload.as_bytes());
    server.write_all(&frame)
}

fn show(line: String) {
    println!("{}", line.replace(char::is_control, "?"));
}

fn listen(mut server: &TcpStream) -> Result<()> {
    loop {
        let mut header = [0; 4];
        server.read_exact(&mut header)?; // read() alone may bring less
        let mut payload = vec![0; u32::from_be_bytes(header).min(65_536) as usize];
        server.read_exact(&mut payload)?;
        let text = String::from_utf8_lossy(&payload);
        let mut f: Vec<&str> = text.split('\0').collect();
        f.resize(f.len().max(8), ""); // missing fields are empty
        match f[0] {
            "ping" => send(server, &["pong", f[1]])?,
            "said" => show(format!("{}: {}", f[4], f[5])),
            "told" => show(format!("{} to {}: {}", f[3], f[4], f[5])),
            "joined" => show(format!("joined: {}", f[2])),
            "left" => show(format!("left ({}): {}", f[2], f[3])),
            "error" => show(format!("error: {}", f[3])),
            "notice" => show(f[1].to_string()),
            "bye" => show(format!("bye: {} {}", f[1], f[2])),
            _ => (), // there will be more verbs
        }
    }
}

fn main() -> Result<()> {
    let words: Vec<String> = env::args().collect();
    let server = TcpStream::connect(format!("{}:{}", words[1], words[2]))?;
    let ears = server.try_clone()?;
    let listener = thread::spawn(move || {
        let _ = listen(&ears); // an error is the end of the connection
        process::exit(0); // though the keyboard is still open
    });
    send(&server, &["hello", "1", &words[3]])?;
    for (number, line) in stdin().lock().lines().enumerate() {
        send(&server, &["say", &format!("k{number}"), "#lobby", &line?])?;
    }
    send(&server, &["quit"])?;
    let _ = listener.join(); // it hears the bye, and ends us
    Ok(())
}
