/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * worker: the process in which a plug-in's Lua runs, `lunation --worker`, started before any
 * patient is read. Its standard input is a socket to the program that started it; it has no other
 * file.
 */
#ifndef LUN_WORKER_H
#define LUN_WORKER_H

/* Gives up every right that is not needed, then answers requests until the socket closes. Returns
 * the exit code. */
int lun_worker_run(void);

#endif
