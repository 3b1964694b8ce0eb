package io.rootstock.service.access;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;

/** The resources of a service whose names alone decide who may act on them. */
@ApplicationScoped
@DefaultBean
class NoScopes implements ResourceScopes {}
