/**
 * gRPC clients of the services: channels, uploads, downloads, paging, watching jobs with reconnects, resource names. No
 * terminal output.
 */
package io.rootstock.cli.client;
