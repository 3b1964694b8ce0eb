/** Patches of the native-image builder and its JDK, with which two builds of an executable are equal byte for byte. */
package io.rootstock.dist.builder;
