/* SPDX-License-Identifier: Apache-2.0 */
#include "CLinnet.h"

static _Thread_local const struct linnet_interleaver *current;

void linnet_set_interleaver(const struct linnet_interleaver *interleaver) { current = interleaver; }
const struct linnet_interleaver *linnet_current_interleaver(void) { return current; }
