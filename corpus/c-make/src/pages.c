#define _GNU_SOURCE
#include "pages.h"

#include <dlfcn.h>
#include <iconv.h>
#include <jansson.h>
#include <locale.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SHARE "/usr/local/share/gauged/"
#define PLUGINS "/usr/local/lib/gauged/"

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *text(const char *format, ...)
{
    char *result = NULL;
    va_list values;
    va_start(values, format);
    if (vasprintf(&result, format, values) < 0)
        abort();
    va_end(values);
    return result;
}

static char *contents(FILE *stream)
{
    char *result = calloc(1, 4096);
    if (stream && fread(result, 1, 4095, stream) == 0)
        strcpy(result, "nothing");
    return result;
}

static char *file(const char *name)
{
    FILE *stream = fopen(name, "r");
    char *result = contents(stream);
    if (stream)
        fclose(stream);
    return result;
}

static char *command(const char *line)
{
    FILE *stream = popen(line, "r");
    char *result = contents(stream);
    pclose(stream);
    return result;
}

static char *plugin(const char *name)
{
    char *path = text(PLUGINS "%s.so", name);
    void *library = dlopen(path, RTLD_NOW);
    free(path);
    if (!library)
        return text("sorry: no plugin %s", name);
    double (*compute)(const double *, size_t) = (double (*)(const double *, size_t))dlsym(library, "compute");
    json_t *values = json_load_file(SHARE "values.json", 0, NULL);
    double numbers[16];
    size_t count = json_array_size(values);
    for (size_t i = 0; i < count && i < 16; i++)
        numbers[i] = json_number_value(json_array_get(values, i));
    json_decref(values);
    return text("%.2f", compute(numbers, count));
}

static char *zone(void)
{
    time_t moment = 1704067200;
    char buffer[64];
    setenv("TZ", "Africa/Nairobi", 1);
    tzset();
    strftime(buffer, sizeof buffer, "%F %R %Z", localtime(&moment));
    return strdup(buffer);
}

static char *month(void)
{
    struct tm day = {.tm_mon = 1};
    char buffer[64] = "";
    if (!setlocale(LC_ALL, "tr_TR.UTF-8"))
        return strdup("no locale");
    strftime(buffer, sizeof buffer, "%B", &day);
    setlocale(LC_ALL, "C");
    return strdup(buffer);
}

static char *convert(void)
{
    char in[] = "\xe3\x81\x82", out[16] = "", *from = in, *to = out;
    size_t left = sizeof in - 1, room = sizeof out;
    iconv_t table = iconv_open("EUC-JP", "UTF-8");
    if (table == (iconv_t)-1)
        return strdup("no conversion");
    iconv(table, &from, &left, &to, &room);
    iconv_close(table);
    return text("%02x%02x", (unsigned char)out[0], (unsigned char)out[1]);
}

char *page(const char *url, long uploaded, int *status)
{
    if (uploaded >= 0)
        return text("%ld bytes", uploaded);
    if (!strcmp(url, "/"))
        return file(SHARE "index.txt");
    if (!strcmp(url, "/healthz"))
        return strdup("ok");
    if (!strncmp(url, "/plugins/", 9) && !strchr(url + 9, '/'))
        return plugin(url + 9);
    if (!strcmp(url, "/about"))
        return file(SHARE "about.txt");
    if (!strcmp(url, "/zone"))
        return zone();
    if (!strcmp(url, "/month"))
        return month();
    if (!strcmp(url, "/convert"))
        return convert();
    if (!strcmp(url, "/user"))
        return strdup(getpwnam("games") ? getpwnam("games")->pw_dir : "nobody of that name");
    if (!strcmp(url, "/service"))
        return text("%d", getservbyname("imaps", "tcp") ? ntohs(getservbyname("imaps", "tcp")->s_port) : 0);
    if (!strcmp(url, "/lines"))
        return command("wc -l < " SHARE "about.txt");
    *status = 404;
    return file(SHARE "404.txt");
}
