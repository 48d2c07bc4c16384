#include <stdio.h>
#include <string.h>

#include "commands.h"

int main(int count, char **words)
{
    if (count == 3 && !strcmp(words[1], "show"))
        return show(words[2]);
    if (count == 2 && !strcmp(words[1], "ports"))
        return ports();
    if (count == 3 && !strcmp(words[1], "moon"))
        return moon(words[2]);
    if (count == 2 && !strcmp(words[1], "chart"))
        return chart();
    if (count == 1)
        return help();
    fprintf(stderr, "tides: what is %s?\n", words[1]);
    return 64;
}
