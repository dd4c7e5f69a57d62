/* SPDX-License-Identifier: Apache-2.0 */
/* What another process has used, from /proc. */
#ifndef PROCESS_H
#define PROCESS_H

#include <dirent.h>
#include <math.h>
#include <stdio.h>

/* Seconds of processor that its living threads have used, in the kernel too. */
static double process_cpu_seconds(int pid) {
    char path[300];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (!threads) return NAN;
    double seconds = 0;
    for (struct dirent *thread; (thread = readdir(threads));) {
        if (thread->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, thread->d_name);
        FILE *file = fopen(path, "r");
        unsigned long long nanoseconds;
        if (!file) continue;
        if (fscanf(file, "%llu", &nanoseconds) == 1) seconds += (double)nanoseconds / 1e9;
        fclose(file);
    }
    closedir(threads);
    return seconds;
}

static long process_resident_kib(int pid) {
    char path[64], line[256];
    long count = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "VmRSS: %ld", &count) == 1) break;
    }
    fclose(file);
    return count;
}

#endif
