// A whole chat client: node chat.js HOST PORT NAME
// One thread, no lock: node calls us when a line or some bytes have come.
const net = require("node:net");
const readline = require("node:readline");

const [host, port, name] = process.argv.slice(2);
const socket = net.connect(Number(port), host);
let buffer = Buffer.alloc(0);  // what has come and is not yet a whole frame
let number = 0;

function send(...fields) {
  const payload = Buffer.from(fields.join("\0"));
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);  // bytes, not characters
  socket.write(Buffer.concat([header, payload]));
}

function show(...fields) {
  console.log(fields.join(": ").replace(/[\u0000-\u001f\u007f-\u009f]/g, "?"));
}

function receive(verb, ...f) {
  switch (verb) {
    case "ping": return send("pong", ...f);
    case "said": return show(f[3], f[4]);
    case "told": return show(`${f[2]} to ${f[3]}`, f[4]);
    case "joined": return show("joined", f.slice(1).join(" "));
    case "left": return show(`left (${f[1]})`, f.slice(2).join(" "));
    case "error": return show("error", f[2]);
    case "notice": return show(f[0]);
    case "bye": return show("bye", f[0], f[1] ?? "");
  }  // unknown verbs are ignored: there will be more
}

socket.on("data", (piece) => {
  buffer = Buffer.concat([buffer, piece]);
  while (buffer.length >= 4) {
    const end = 4 + buffer.readUInt32BE(0);
    if (buffer.length < end) return;  // the rest comes later
    receive(...buffer.subarray(4, end).toString().split("\0"));
    buffer = buffer.subarray(end);
  }
});
socket.on("close", () => process.exit(0));
socket.on("error", (problem) => console.log(problem.message));

send("hello", "1", name);
const input = readline.createInterface({ input: process.stdin });
input.on("line", (line) => send("say", `k${number++}`, "#lobby", line));
input.on("close", () => send("quit"));
