package io.rootstock.service.tls;

/** Certificates of clients. */
public enum ClientAuthentication {
    /** Clients need no certificate. */
    NONE,
    /** The certificate of a client is checked if it presents one. */
    OPTIONAL,
    /** Clients without a certificate are refused, except for health checks over HTTP. */
    REQUIRED
}
