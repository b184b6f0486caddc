/* A whole chat client: cc -o chat chat.c -pthread && ./chat HOST PORT NAME

   Two threads: main reads the keyboard, listen_to reads the server. Both send (a line,
   a pong), so a lock lets frames go out whole. */

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536 /* bytes in a payload */
#define FIELDS 8   /* the first ones are all we show */

static int server;
static pthread_mutex_t sending = PTHREAD_MUTEX_INITIALIZER;

/* send() may take less than all, as recv() may bring less than all */
static void send_all(const void *data, size_t size) {
    for (const char *at = data; size > 0;) {
        ssize_t sent = send(server, at, size, 0);
        if (sent <= 0) return; /* the listener sees it too */
        at += sent;
        size -= (size_t)sent;
    }
}

static int receive_all(void *data, size_t size) {
    for (char *at = data; size > 0;) {
        ssize_t came = recv(server, at, size, 0);
        if (came <= 0) return 0;
        at += came;
        size -= (size_t)came;
    }
    return 1;
}

static void send_frame(int count, const char *fields[]) {
    static char payload[MOST];
    pthread_mutex_lock(&sending);
    size_t size = 0;
    for (int i = 0; i < count && size + strlen(fields[i]) + 1 < MOST; i++) {
        if (i) payload[size++] = '\0'; /* NUL between the fields */
        memcpy(payload + size, fields[i], strlen(fields[i]));
        size += strlen(fields[i]);
    }
    uint32_t header = htonl((uint32_t)size);
    send_all(&header, sizeof header);
    send_all(payload, size);
    pthread_mutex_unlock(&sending);
}

/* control characters are shown as ?: also those that UTF-8 writes as C2 80 to C2 9F */
static void show(const char *label, const char *text) {
    char line[2 * MOST];
    snprintf(line, sizeof line, "%s: %s", label, text);
    for (unsigned char *c = (unsigned char *)line; *c; c++) {
        if (*c < 0x20 || *c == 0x7F) *c = '?';
        if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0) *c = c[1] = '?';
    }
    puts(line);
    fflush(stdout);
}

static void receive(const char *f[]) {
    if (!strcmp(f[0], "ping")) send_frame(2, (const char *[]){"pong", f[1]});
    if (!strcmp(f[0], "said")) show(f[4], f[5]);
    if (!strcmp(f[0], "told")) show(f[3], f[5]);
    if (!strcmp(f[0], "joined")) show("joined", f[2]);
    if (!strcmp(f[0], "left")) show("left", f[3]);
    if (!strcmp(f[0], "error")) show("error", f[3]);
    if (!strcmp(f[0], "notice")) show("notice", f[1]);
    if (!strcmp(f[0], "bye")) show("bye", *f[2] ? f[2] : f[1]);
} /* unknown verbs are ignored: there will be more */

static void *listen_to(void *unused) {
    static char payload[MOST + 1];
    uint32_t length;
    while (receive_all(&length, sizeof length)) {
        length = ntohl(length);
        if (length > MOST || !receive_all(payload, length)) break;
        payload[length] = '\0';
        const char *fields[FIELDS], *at = payload, *end = payload + length;
        for (int i = 0; i < FIELDS; i++) {
            fields[i] = at <= end ? at : ""; /* missing fields are empty */
            at += at <= end ? strlen(at) + 1 : 0;
        }
        receive(fields);
    }
    exit(0); /* the server has gone, though the keyboard is still open */
    return unused;
}

int main(int count, char *words[]) {
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found;
    if (count != 4 || getaddrinfo(words[1], words[2], &wanted, &found)) {
        fprintf(stderr, "usage: chat HOST PORT NAME\n");
        return 2;
    }
    server = socket(found->ai_family, found->ai_socktype, 0);
    if (connect(server, found->ai_addr, found->ai_addrlen)) {
        perror("connect");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    pthread_t listener;
    pthread_create(&listener, NULL, listen_to, NULL);
    send_frame(3, (const char *[]){"hello", "1", words[3]});
    char *line = NULL, id[16];
    size_t room = 0;
    for (int number = 0; getline(&line, &room, stdin) > 0; number++) {
        line[strcspn(line, "\n")] = '\0';
        snprintf(id, sizeof id, "k%d", number);
        send_frame(4, (const char *[]){"say", id, "#lobby", line});
    }
    send_frame(1, (const char *[]){"quit"});
    pthread_join(listener, NULL); /* it hears the bye */
    return 0;
}
