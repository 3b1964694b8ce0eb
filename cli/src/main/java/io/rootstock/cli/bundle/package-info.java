/**
 * Bundles: ZIP files with versions, their metadata and their artifacts by digest, which another installation imports. The
 * index of a bundle is the message {@code Bundle}. Nothing of a bundle is extracted to the file system.
 */
package io.rootstock.cli.bundle;
