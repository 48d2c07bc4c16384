/* An HTTP server of the smallest kind. Each route needs something else of the system, when it is asked for. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <iconv.h>
#include <locale.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char out[65536];

static void command(const char *line) {
    FILE *pipe = popen(line, "r");
    size_t length = pipe ? fread(out, 1, sizeof out - 1, pipe) : 0;
    out[length] = 0;
    if (pipe) pclose(pipe);
}

static void file(const char *path) {
    FILE *in = fopen(path, "r");
    size_t length = in ? fread(out, 1, sizeof out - 1, in) : 0;
    out[length] = 0;
    if (in) fclose(in);
}

static void plugin(const char *name) {
    char path[256];
    snprintf(path, sizeof path, "plugins/%s.so", name);
    void *handle = dlopen(path, RTLD_NOW);
    const char *(*run)(void) = handle ? (const char *(*)(void))dlsym(handle, "run") : NULL;
    snprintf(out, sizeof out, "%s\n", run ? run() : dlerror());
}

static void plugins(void) {
    struct dirent **names;
    int count = scandir("plugins", &names, NULL, alphasort);
    for (int i = 0; i < count; i++)
        if (strstr(names[i]->d_name, ".so")) strcat(strcat(out, names[i]->d_name), "\n");
}

static void charset(const char *to) {
    char in[] = "caf\xc3\xa9", encoded[64], *from = in, *into = encoded;
    size_t left = strlen(in), room = sizeof encoded;
    iconv_t convert = iconv_open(to, "UTF-8");
    if (convert == (iconv_t)-1) { strcpy(out, "no such character set"); return; }
    iconv(convert, &from, &left, &into, &room);
    iconv_close(convert);
    for (char *byte = encoded; byte < into; byte++) sprintf(out + strlen(out), "%02x", (unsigned char)*byte);
}

static void zone(void) {
    time_t then = 1500000000;
    setenv("TZ", "America/New_York", 1);
    tzset();
    strftime(out, sizeof out, "%F %T %Z\n", localtime(&then));
}

static void local(void) {
    time_t then = 1500000000;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) { strcpy(out, "no such locale"); return; }
    strftime(out, sizeof out, "%A %B\n", gmtime(&then));
    setlocale(LC_ALL, "C");
}

static void look_up(void) {
    struct addrinfo *found, want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct servent *service = getservbyname("imaps", "tcp");
    struct passwd *user = getpwnam("daemon");
    if (getaddrinfo("localhost", NULL, &want, &found)) { strcpy(out, "no address"); return; }
    sprintf(out, "%s %d %s\n", inet_ntoa(((struct sockaddr_in *)found->ai_addr)->sin_addr),
            service ? ntohs(service->s_port) : 0, user ? user->pw_dir : "nobody");
}

static void database(void) {
    void *library = dlopen("libsqlite3.so.0", RTLD_NOW);
    const char *(*version)(void) = library ? (const char *(*)(void))dlsym(library, "sqlite3_libversion") : NULL;
    sprintf(out, "sqlite %s\n", version ? version() : "is not there");
}

static void compress(void) {
    void *library = dlopen("libz.so.1", RTLD_NOW);
    unsigned long (*sum)(unsigned long, const char *, unsigned) =
        library ? (unsigned long (*)(unsigned long, const char *, unsigned))dlsym(library, "crc32") : NULL;
    sprintf(out, "%lx\n", sum ? sum(0, "jettison", 8) : 0);
}

static void upload(const char *body) {
    char path[] = "/tmp/upload-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0 || write(descriptor, body, strlen(body)) < 0) { strcpy(out, "cannot write"); return; }
    struct stat status;
    fstat(descriptor, &status);
    close(descriptor);
    unlink(path);
    sprintf(out, "%ld bytes\n", (long)status.st_size);
}

static int route(const char *path, const char *body) {
    out[0] = 0;
    if (!strcmp(path, "/")) strcpy(out, "<h1>A C server</h1><a href=/healthz>healthz</a>");
    else if (!strcmp(path, "/healthz")) strcpy(out, "ok\n");
    else if (!strncmp(path, "/plugin/", 8)) plugin(path + 8);
    else if (!strcmp(path, "/plugins")) plugins();
    else if (!strcmp(path, "/template")) file("templates/letter.txt");
    else if (!strcmp(path, "/about")) file("/app/templates/about.txt");
    else if (!strcmp(path, "/latin")) charset("ISO-8859-1");
    else if (!strcmp(path, "/japanese")) charset("EUC-JP");
    else if (!strcmp(path, "/ebcdic")) charset("IBM037");
    else if (!strcmp(path, "/zone")) zone();
    else if (!strcmp(path, "/locale")) local();
    else if (!strcmp(path, "/lookup")) look_up();
    else if (!strcmp(path, "/database")) database();
    else if (!strcmp(path, "/sqlite")) command("sqlite3 :memory: 'select 6*7'");
    else if (!strcmp(path, "/compress")) compress();
    else if (!strcmp(path, "/sort")) command("printf 'b\\na\\n' | sort | head -1");
    else if (!strcmp(path, "/kind")) command("file --brief --mime-type /app/plugins/sums.c");
    else if (!strcmp(path, "/helper")) command("./helper");
    else if (!strcmp(path, "/fetch")) command("curl -s \"$TLS_URL\"");
    else if (!strcmp(path, "/types")) command("grep -c '^text/' /etc/mime.types");
    else if (!strcmp(path, "/upload")) upload(body);
    else { file("templates/404.html"); return 404; }
    return 200;
}

static void answer(int client) {
    char request[65536] = "", path[256] = "", *body = NULL, *announced;
    size_t length = 0, wanted = 0;
    ssize_t more;
    while ((!body || strlen(body) < wanted) && (more = read(client, request + length, sizeof request - 1 - length)) > 0) {
        request[length += more] = 0;
        if (!body && (body = strstr(request, "\r\n\r\n"))) {
            body += 4;
            if ((announced = strcasestr(request, "Content-Length:"))) wanted = strtoul(announced + 15, NULL, 10);
        }
    }
    sscanf(request, "%*s %255s", path);
    int status = route(path, body ? body : "");
    dprintf(client, "HTTP/1.0 %d %s\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n\r\n%s", status,
            status == 200 ? "OK" : "Not Found", strlen(out), out);
    close(client);
}

int main(void) {
    int server = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 16)) return perror("listen"), 1;
    signal(SIGPIPE, SIG_IGN);
    for (;;) answer(accept(server, NULL, NULL));
}
