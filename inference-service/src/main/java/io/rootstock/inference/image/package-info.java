/** Code that GraalVM's native-image builder loads; the service itself does not use this package. */
package io.rootstock.inference.image;
