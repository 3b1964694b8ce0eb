/**
 * RPCs over HTTP for browsers and {@code curl}: the Connect protocol on the HTTP port, with the interceptors, roles and
 * limits of gRPC. The calls reach the services of the process through gRPC's in-process transport, and the services of
 * other processes through channels. No page and no RPC is defined here.
 */
package io.rootstock.service.web;
