/** Low-rank adapters of served models: loads and unloads them, and leases them to requests. */
package io.rootstock.inference.adapter;
