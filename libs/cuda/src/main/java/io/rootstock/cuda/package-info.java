/**
 * NVIDIA GPUs without own C++ code: NVRTC compiles CUDA C sources from resources, and the driver loads and launches the
 * kernels; both are called by the JDK's Foreign Function and Memory API. Libraries are opened at their first use, so
 * that a machine without a GPU does not search for them. The package contains no kernels and depends only on the JDK.
 */
package io.rootstock.cuda;
