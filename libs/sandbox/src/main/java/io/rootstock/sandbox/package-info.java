/**
 * Processes that open files of outside origin. A child process confines itself on Linux (Landlock, seccomp, resource
 * limits) before it opens such a file, and its parent limits its time and memory. Works on the JDK and libc alone.
 */
package io.rootstock.sandbox;
