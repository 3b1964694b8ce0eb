/**
 * The services as the command line sees them: channels, uploads, pages, jobs that are followed over broken connections,
 * and errors turned into words. Nothing here parses arguments or formats tables.
 */
package io.rootstock.cli.client;
