/**
 * Common code of all services and their clients: typed errors, resource names, page tokens, flow-controlled streams,
 * token authentication, client channels and the common settings. Quarkus finds the beans in every service that depends
 * on this jar; the package knows no particular service.
 */
package io.rootstock.service;
