/** Assembles the download: a folder that runs on a machine without Java, its archive, its software bill of materials, its licences. */
package io.rootstock.dist;
