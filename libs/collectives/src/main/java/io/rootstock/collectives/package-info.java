/**
 * Collective operations of the processes of a training run: sums and broadcasts of flat buffers. There are two engines,
 * MPI in main memory and NCCL in GPU memory, both called through their C interfaces by the JDK's Foreign Function and
 * Memory API. The package contains no training logic and depends only on the JDK.
 */
package io.rootstock.collectives;
