import { demoCenter } from '../theme';

export const infrastructure = [
  demoCenter(
    'Network',
    `# vpn-drops splitting
    = VPN drops {every}
    = Remote access tunnel disconnects {every}
    = VPN connection lost while working from home
    - The VPN client loses the tunnel {every} and asks for the token again.
    - Reconnecting to the VPN gateway works for some minutes, then the tunnel breaks again.
    - Home office users are thrown out of the VPN session in the middle of calls.
    # vpn-split-tunnel-video split
    = VPN breaks Teams video calls since split tunnel change
    = Video freezes on VPN after split tunnelling was switched off
    - With the VPN connected all video traffic goes through headquarters and Teams calls freeze.
    - Split tunnelling for media no longer applies, video over VPN has a latency of seconds.
    - When the VPN is off the video call is fine, with the tunnel it is unusable.
    # wifi-coverage steady
    = Weak wifi signal in {room}
    = No wireless coverage on the {floor} floor
    = Wifi keeps dropping in {room}
    - Laptops lose the wireless network in {room} and show one bar.
    - The access point near {room} seems dead, its light is off.
    - Roaming between access points fails, the wireless drops when walking down the floor.
    # switch-port-dead steady
    = Network socket not live at desk {number}
    = Patch request: wall port has no link
    = No link light on network outlet
    - The wall socket has no link light, the cable was swapped and tested.
    - Please patch the outlet at the desk to the access switch {host}.
    - The port on the switch seems to be shut down after the move.
    # dns-resolution growing
    = Internal names do not resolve
    = DNS lookup fails for intranet hosts
    = Name resolution errors on {host}
    - nslookup returns server failure for internal zones, by address everything answers.
    - The DNS server answers with an old record after the migration.
    - Flushing the resolver cache helps for a while, then lookups fail again.
    # firewall-rule steady
    = Firewall rule needed from {host} to {host}
    = Open port {port} on the firewall for new application
    = Blocked traffic between zones, port {port}
    - Please permit TCP {port} from the application subnet to the database subnet.
    - The firewall log shows denied packets for this connection.
    - The change was approved by security, the rule should be permanent.
    # site-link-slow shrinking
    = Slow WAN link at site {site}
    = Branch office {site} reports very slow network
    = High latency between {site} and the data centre
    - The whole branch {site} works very slowly, file copies crawl at a few kilobits.
    - The provider line to {site} shows packet loss and high latency.
    - Traceroute shows the delay on the MPLS hop of the carrier.
    # dhcp-exhausted dying
    = Clients get no IP address
    = DHCP scope full in {room}
    = Workstations fall back to 169.254 address
    - New devices receive no lease, the DHCP scope is exhausted.
    - ipconfig renew times out and the machine keeps an automatic private address.
    - Releasing old leases gave some addresses back for a day.
    # load-balancer-health born
    = Load balancer marks healthy nodes as down
    = Pool members flap on the load balancer
    - The health probe of the load balancer fails every few minutes although the node answers.
    - Since the new certificate the monitor reports the pool members as down.
    - Half of the requests get 503 from the load balancer virtual server.`,
  ),
  demoCenter(
    'Database',
    `# oracle-listener steady
    = ORA-12514 when connecting to {database}
    = Oracle listener does not know the service
    = TNS error on connection to {database}
    - The application reports ORA-12514, the listener does not currently know of the service requested.
    - lsnrctl status does not list the service after the instance was restarted.
    - Connections through the old alias work, the new TNS entry fails.
    # tablespace-full growing
    = Tablespace {database} is full
    = ORA-01653 unable to extend table
    = Datafile cannot grow any more
    - Inserts fail because the tablespace has no free extents left.
    - Please add a datafile, the tablespace reached ninety eight percent.
    - Autoextend is off and the batch stops at the same table each night.
    # deadlocks steady
    = Deadlocks in {database} during order booking
    = SQL Server deadlock victim errors
    = Transactions are chosen as deadlock victim
    - Users receive the message that their transaction was deadlocked and chosen as victim.
    - The deadlock graph shows two sessions that update the same rows in other order.
    - It happens when the nightly job overlaps with bookings.
    # slow-query splitting
    = Query on {database} takes minutes
    = Report query suddenly slow
    = Execution plan changed, query very slow
    - The same select took seconds before, now it runs for minutes with a full table scan.
    - Statistics look old and the optimiser picks another execution plan.
    - Blocking is not seen, the query just burns processor time.
    # index-maintenance-window split
    = Index rebuild blocks users in the morning
    = Index maintenance runs into office hours
    - The index rebuild did not finish over night and locks the tables when users start.
    - Please move the index maintenance window, it blocks the queries of the early shift.
    - Rebuilding the fragmented index takes five hours since the table grew.
    # replication-lag steady
    = Replica of {database} lags behind
    = Standby is hours behind the primary
    = Replication delay on {host}
    - The standby applies logs with hours of delay, reports show old data.
    - Replication lag grows since the bulk load, the apply process is at its limit.
    - The archive gap on the replica had to be filled by hand.
    # backup-failed-db shrinking
    = Database backup failed on {host}
    = RMAN backup ended with errors
    = Log backup chain broken
    - The nightly dump ended with an error and the log backup chain is broken.
    - RMAN reports that the media manager did not answer.
    - Please check, the last good full backup is three days old.
    # account-locked-db dying
    = Database account locked for batch user
    = ORA-28000 the account is locked
    - The batch user is locked after failed logins with the old password.
    - ORA-28000 appears in the log of the scheduler, please unlock the schema user.
    - The password of the service schema expired by profile.
    # connection-pool born
    = Connection pool exhausted on {database}
    = Too many connections, new sessions refused
    - The pool is exhausted, applications wait for a free connection and time out.
    - max_connections is reached because sessions of the new service are never closed.
    - Idle in transaction sessions hold all connections of the pool.`,
  ),
  demoCenter(
    'Storage & Backup',
    `# share-full steady
    = Shared drive {drive} is full
    = No space left on department share
    = Quota exceeded on file share
    - Saving to the department share fails because the quota is used up.
    - Please extend the share, nobody can store files any more.
    - The drive shows zero bytes free since the scans are stored there.
    # restore-file growing
    = Please restore deleted folder
    = File restore from yesterday needed
    = Accidentally deleted project folder, restore please
    - The folder was deleted by accident and must come back from the backup.
    - Please restore the version of {day} evening, previous versions shows nothing.
    - The spreadsheet was overwritten, we need the copy from last week.
    # backup-job-failed steady
    = Backup job failed on {host}
    = Nightly backup did not finish
    = Backup agent not reachable on {host}
    - The backup job ended with status failed, the agent on the client does not answer.
    - The snapshot could not be created and the job was cancelled.
    - The backup window is exceeded for the third night.
    # san-latency steady
    = High disk latency on datastore
    = Storage array reports slow volumes
    = Datastore latency alarm
    - The volumes on the array answer with more than fifty milliseconds.
    - Virtual machines pause for seconds because of disk latency on the datastore.
    - One controller of the array runs at full load since the rebalance.
    # disk-failed shrinking
    = Failed disk in array {host}
    = Predictive disk failure reported
    = Raid degraded on {host}
    - The array reports a failed disk in slot {number}, the raid set is degraded.
    - Hot spare is in use, please order a replacement disk.
    - The controller shows a predictive failure on one drive.
    # folder-permission steady
    = No access to shared folder
    = Missing permission on project share
    = Access denied on folder {drive}
    - I get access denied when I open the project folder, my colleagues can.
    - Please give our new colleague write permission on the share.
    - After the move of the folder the inherited permissions are gone.
    # tape-library dying
    = Tape library drive needs cleaning
    = Tape stuck in library
    - The robot of the tape library reports a stuck cartridge in the drive.
    - The cleaning tape is used up and the drive asks for cleaning.
    - The export of the weekly tapes could not be done, the door does not open.
    # object-storage-cost born
    = Object storage bucket grows without limit
    = Lifecycle rule on bucket does not delete old objects
    - The bucket holds years of old versions, the lifecycle rule does not expire them.
    - Object storage cost doubled since versioning was switched on.
    - Please check why objects are not moved to the archive tier.`,
  ),
  demoCenter(
    'Cloud Platform',
    `# vm-not-starting steady
    = Virtual machine {host} does not start
    = VM stuck in starting state
    = Allocation failed when starting VM
    - The virtual machine stays in the starting state and then fails with an allocation error.
    - Boot diagnostics show a black screen after the kernel update.
    - The machine was deallocated over the weekend and does not come up again.
    # kubernetes-crashloop growing
    = Pods in crash loop in namespace {application}
    = Kubernetes deployment does not become ready
    = CrashLoopBackOff after release
    - The pods restart all the time with CrashLoopBackOff, the readiness probe fails.
    - The container is killed for memory, the limit seems too low.
    - Rolling back the deployment brought the old pods back.
    # subscription-quota steady
    = Core quota reached in subscription
    = Cannot create resources, quota exceeded
    = Increase of regional vCPU quota
    - The deployment fails because the regional core quota is exceeded.
    - Please raise the vCPU quota for the family that the cluster uses.
    - Autoscaling stops at the quota of the subscription.
    # pipeline-failing splitting
    = Build pipeline of {application} fails
    = Release pipeline stuck
    = CI build broken since {day}
    - The pipeline fails in the restore step, packages cannot be downloaded from the feed.
    - The hosted agent runs out of disk while building the image.
    - The release waits for an agent and never starts.
    # pipeline-secret-expired split
    = Deployment fails, service connection secret expired
    = Pipeline cannot log in, client secret expired
    - The service connection of the pipeline uses an expired client secret.
    - Deployment step ends with invalid client secret, the app registration must be renewed.
    - Please rotate the secret of the deployment principal.
    # certificate-gateway steady
    = Certificate on gateway expires soon
    = TLS certificate of {application} expired
    = Browser warns about certificate of {application}
    - The certificate of the public endpoint expired and browsers show a warning.
    - The renewal of the gateway certificate did not reach the listener.
    - The chain is incomplete, clients do not trust the intermediate.
    # cost-alert steady
    = Budget alert for resource group
    = Unexpected cloud cost in subscription
    - The budget of the resource group was exceeded by the middle of the month.
    - Forgotten test machines run day and night and cost money.
    - Please find out which resources caused the cost peak.
    # legacy-vpn-gateway dying
    = Basic gateway retires, migration open
    = Old site gateway loses connection
    - The basic tier gateway drops the site connection and cannot be resized.
    - The old gateway must be replaced before it retires.
    # function-timeouts born
    = Serverless function times out
    = Function app returns 504 after new version
    - The function runs into its time limit since the new version and returns 504.
    - Cold starts of the function app take half a minute.
    - Messages go to the poison queue because the function times out.`,
  ),
];
