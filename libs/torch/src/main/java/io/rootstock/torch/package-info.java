/**
 * libtorch through its stable C ABI: tensors, dispatcher operators declared by their schema text, deterministic release
 * and errors with libtorch's text, all by the JDK's Foreign Function and Memory API without own C++ code. The package
 * contains no training logic and depends only on the JDK and a libtorch, 2.10 or newer, from the class path or from a
 * directory named by {@code ROOTSTOCK_LIBTORCH}.
 */
package io.rootstock.torch;
