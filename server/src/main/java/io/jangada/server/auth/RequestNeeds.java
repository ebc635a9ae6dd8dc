// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jangada.api.election.CampaignRequest;
import io.jangada.api.election.LeaderKey;
import io.jangada.api.election.LeaderRequest;
import io.jangada.api.election.ProclaimRequest;
import io.jangada.api.election.ResignRequest;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import io.jangada.api.etcd.LeaseTimeToLiveResponse;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.lock.LockRequest;
import io.jangada.api.lock.UnlockRequest;
import io.jangada.server.auth.Need.KeyAccess;
import io.jangada.server.auth.Need.Mode;
import java.util.ArrayList;
import java.util.List;

/** What a request needs, by its message. Pure. */
final class RequestNeeds {
    static final Need NOTHING = new Need.Nothing();
    static final Need ANY_USER = new Need.AnyUser();
    static final Need ROOT = new Need.Root();

    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[]{0});
    private static final ByteString SLASH = ByteString.copyFromUtf8("/");

    private RequestNeeds() {}

    /** What {@code request} needs; what is not mentioned here, the role root. */
    static Need of(MessageLite request) {
        return switch (request) {
            case RangeRequest range -> KvNeeds.of(range);
            case PutRequest put -> KvNeeds.of(put);
            case DeleteRangeRequest delete -> KvNeeds.of(delete);
            case TxnRequest txn -> KvNeeds.of(txn);
            case WatchRequest watch -> watch(watch);
            case LeaseGrantRequest ignored -> ANY_USER;
            case LeaseRevokeRequest revoke -> KvNeeds.ofLease(revoke.getID());
            case LeaseTimeToLiveRequest timeToLive -> timeToLive(timeToLive);
            case AlarmRequest alarm -> alarm.getAction() == AlarmRequest.AlarmAction.GET
                    ? ANY_USER
                    : ROOT;
            case AuthUserGetRequest user -> new Need.Self(user.getName());
            case AuthRoleGetRequest role -> new Need.OwnRole(role.getRole());
            case LockRequest lock -> turn(lock.getName(), lock.getLease());
            case UnlockRequest unlock -> keys(List.of(
                    KvNeeds.write(unlock.getKey(), ByteString.EMPTY)));
            case CampaignRequest campaign -> turn(campaign.getName(), campaign.getLease());
            case ProclaimRequest proclaim -> leads(proclaim.getLeader());
            case ResignRequest resign -> leads(resign.getLeader());
            case LeaderRequest leader -> keys(List.of(KvNeeds.allOf(prefix(leader.getName()))
                    .getFirst()));
            default -> ROOT;
        };
    }

    private static Need keys(List<KeyAccess> all) {
        return new Need.Keys(all);
    }

    private static Need watch(WatchRequest request) {
        return switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> watch(request.getCreateRequest());
            case PROGRESS_REQUEST -> ANY_USER;
            // What was created may be canceled, whatever became of the token.
            case CANCEL_REQUEST, REQUESTUNION_NOT_SET -> NOTHING;
        };
    }

    static Need watch(WatchCreateRequest create) {
        return keys(List.of(KvNeeds.read(create.getKey().isEmpty() ? FIRST_KEY : create.getKey(),
                create.getRangeEnd())));
    }

    private static Need timeToLive(LeaseTimeToLiveRequest request) {
        return request.getKeys()
                ? keys(List.of(new KeyAccess.OfLease(Mode.READ, request.getID())))
                : ANY_USER;
    }

    /** The keys that an answer tells. */
    static Need told(MessageLite response) {
        if (response instanceof LeaseTimeToLiveResponse timeToLive
                && timeToLive.getKeysCount() > 0) {
            return keys(timeToLive.getKeysList().stream()
                    .map(key -> KvNeeds.read(key, ByteString.EMPTY)).toList());
        }
        return NOTHING;
    }

    private static ByteString prefix(ByteString name) {
        return name.concat(SLASH);
    }

    /* Who waits for its turn puts a key of its own under the name, and looks at those of the others. */
    private static Need turn(ByteString name, long lease) {
        List<KeyAccess> all = new ArrayList<>(KvNeeds.allOf(prefix(name)));
        if (lease != 0) {
            all.add(new KeyAccess.OfLease(Mode.WRITE, lease));
        }
        return keys(all);
    }

    private static Need leads(LeaderKey leader) {
        List<KeyAccess> all = new ArrayList<>(
                List.of(KvNeeds.read(leader.getKey(), ByteString.EMPTY),
                        KvNeeds.write(leader.getKey(), ByteString.EMPTY)));
        if (leader.getLease() != 0) {
            all.add(new KeyAccess.OfLease(Mode.WRITE, leader.getLease()));
        }
        return keys(all);
    }
}
