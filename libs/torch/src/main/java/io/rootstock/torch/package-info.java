/**
 * libtorch through its stable C ABI: tensors, dispatcher operators declared by their schema text, deterministic release
 * and errors with libtorch's own words, all by the JDK's Foreign Function and Memory API with no C++ of ours. Training
 * logic has no place here, nor has any framework: the package needs the JDK alone and a libtorch, 2.10 or newer, from
 * the class path or from a directory named by {@code ROOTSTOCK_LIBTORCH}.
 */
package io.rootstock.torch;
