// SPDX-License-Identifier: Apache-2.0
// Takes what the Swift programs take: `--list`, or a peer, a message and seconds.
#include "bench.h"

int main(int count, char **arguments) {
    const bool lists = count == 2 && !strcmp(arguments[1], "--list");
    bool found = lists;
    for (const auto *entries : {&flatbuffers_entries, &capnproto_entries, &packed_entries}) {
        for (const Entry &entry : *entries) {
            if (lists) {
                printf("%s %s\n", entry.peer, entry.message);
            } else if (count == 4 && !strcmp(arguments[1], entry.peer) && !strcmp(arguments[2], entry.message)) {
                entry.measure(entry.peer, entry.message, atof(arguments[3]));
                found = true;
            }
        }
    }
    if (!found) fprintf(stderr, "usage: schema-peers --list | schema-peers PEER MESSAGE SECONDS\n");
    return found ? 0 : 64;
}
