/** Patches of the native-image builder and its JDK that remove differences between two builds of an executable. */
package io.rootstock.dist.builder;
