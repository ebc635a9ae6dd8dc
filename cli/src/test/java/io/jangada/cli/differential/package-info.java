// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * One stream of generated requests to two servers, etcd and Jangada, whose answers must be equal. The test's thread
 * asks; gRPC's threads only collect what comes in.
 */
@NullMarked
package io.jangada.cli.differential;

import org.jspecify.annotations.NullMarked;
