/**
 * Operations that all processes of a training run take part in: sums and broadcasts of flat buffers. Two engines do the
 * work, MPI in main memory and NCCL in GPU memory, both called through their plain C interfaces by the JDK's Foreign
 * Function and Memory API. What is summed, and why, has no place here; the package needs the JDK alone.
 */
package io.rootstock.collectives;
