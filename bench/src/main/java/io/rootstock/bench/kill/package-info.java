/**
 * Effect of kill -9 on a training run and on acknowledged writes. All processes are real and are killed without notice,
 * as the kernel's out-of-memory killer does.
 */
package io.rootstock.bench.kill;
