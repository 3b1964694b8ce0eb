/**
 * Files of clients: content in the artifact store, metadata in the database, uploads in parts. Number and size of all
 * files are bounded.
 */
package io.rootstock.registry.file;
