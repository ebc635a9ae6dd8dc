// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * How a member without data finds the other initial members: in a registry, which is another etcd, or by SRV
 * records of the DNS. All of it runs on the starting thread, which it blocks.
 */
@NullMarked
package io.jangada.server.discovery;

import org.jspecify.annotations.NullMarked;
