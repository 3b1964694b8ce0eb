/**
 * What every service shares and a client can rely on: typed errors, resource names, page tokens, flow-controlled
 * streams, token authentication, client channels and the common settings. The beans here are found by Quarkus in any
 * service that depends on this jar; nothing here knows a service.
 */
package io.rootstock.service;
