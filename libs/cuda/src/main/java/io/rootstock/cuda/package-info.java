/**
 * NVIDIA GPUs without C++ of ours: NVRTC compiles CUDA C that is text in a resource, and the driver loads and launches
 * it, both called through their C interfaces by the JDK's Foreign Function and Memory API. Libraries are opened when
 * something of them is first asked for, so that a machine without a GPU never looks for one. What the kernels compute has
 * no place here; the package needs the JDK alone.
 */
package io.rootstock.cuda;
