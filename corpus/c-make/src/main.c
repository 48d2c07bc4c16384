#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pages.h"

struct upload {
    size_t length;
};

static enum MHD_Result answer(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **state)
{
    (void)closure;
    (void)version;
    (void)data;
    struct upload *upload = *state;
    if (!upload) {
        *state = calloc(1, sizeof *upload);
        return MHD_YES;
    }
    if (*size) {
        upload->length += *size;
        *size = 0;
        return MHD_YES;
    }
    int status = MHD_HTTP_OK;
    char *text = page(url, strcmp(method, "POST") == 0 ? (long)upload->length : -1, &status);
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static void done(void *closure, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)closure;
    (void)connection;
    (void)code;
    free(*state);
}

int main(int argc, char **argv)
{
    int port = 8080, option;
    while ((option = getopt(argc, argv, "p:")) != -1) {
        if (option == 'p')
            port = atoi(optarg);
    }
    if (!MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, answer, NULL, MHD_OPTION_NOTIFY_COMPLETED,
                          done, NULL, MHD_OPTION_END)) {
        perror("gauged");
        return 1;
    }
    for (;;)
        pause();
}
