#define _GNU_SOURCE
#include "commands.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static sqlite3 *database(void)
{
    sqlite3 *opened;
    if (sqlite3_open_v2("/var/lib/tides/tides.db", &opened, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        fprintf(stderr, "tides: %s\n", sqlite3_errmsg(opened));
        exit(74);
    }
    return opened;
}

int show(const char *port)
{
    sqlite3 *from = database();
    sqlite3_stmt *query;
    int rows = 0;
    sqlite3_prepare_v2(from, "select at, round(avg(metres), 1) from tide where port = ? group by at", -1, &query, NULL);
    sqlite3_bind_text(query, 1, port, -1, SQLITE_STATIC);
    for (; sqlite3_step(query) == SQLITE_ROW; rows++)
        printf("%s %.1f m\n", (const char *)sqlite3_column_text(query, 0), sqlite3_column_double(query, 1));
    sqlite3_finalize(query);
    sqlite3_close(from);
    if (!rows)
        fprintf(stderr, "tides: no port %s\n", port);
    return rows ? 0 : 66;
}

int ports(void)
{
    xmlDoc *document = xmlReadFile(DATA "/ports.xml", NULL, 0);
    if (!document)
        return 66;
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathObject *found = xmlXPathEvalExpression(BAD_CAST "//port[@deep='yes']/@name", context);
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        xmlChar *name = xmlNodeGetContent(found->nodesetval->nodeTab[i]);
        printf("%s\n", name);
        xmlFree(name);
    }
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    return 0;
}

int moon(const char *zone)
{
    time_t full = 1706205240;
    char text[64];
    setenv("TZ", zone, 1);
    tzset();
    strftime(text, sizeof text, "%A %R %Z", localtime(&full));
    puts(text);
    return 0;
}

int help(void)
{
    fflush(stdout);
    return system("sort " DATA "/help.txt") ? 70 : 0;
}

int chart(void)
{
    FILE *pipe = popen("sqlite3 -separator ' ' /var/lib/tides/tides.db 'select port, max(metres) from tide group by port'", "r");
    char line[128];
    while (pipe && fgets(line, sizeof line, pipe))
        fputs(line, stdout);
    return pipe && pclose(pipe) == 0 ? 0 : 70;
}
