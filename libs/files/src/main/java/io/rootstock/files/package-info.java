/** Files and directories that appear complete or not at all, fsync of directories, and deletion of directory trees. */
package io.rootstock.files;
