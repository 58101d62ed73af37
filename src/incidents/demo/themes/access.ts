import { demoCenter } from '../theme';

export const access = [
  demoCenter(
    'Identity',
    `# mfa-prompt splitting
    = Authenticator does not get a prompt
    = MFA code not accepted
    = Multi factor sign in fails
    - The authenticator app gets no push and the code is not accepted.
    - The sign in waits for approval but nothing arrives on the phone.
    - Text messages with the code come an hour late.
    # mfa-new-phone split
    = New phone, please reset authenticator registration
    = Authenticator must be registered again on new phone
    - I have a new phone and the authenticator is still registered on the old one.
    - Please reset the registration of the second factor, the old phone was returned.
    - The temporary pass to register the new phone has expired.
    # role-request steady
    = Access request for role {role}
    = Please add user to group {role}
    = Missing role {role} after change of department
    - Please assign the role {role}, the manager has approved it.
    - After the change of department the group membership is missing.
    - The approval is done but the role was never provisioned.
    # sso-loop growing
    = Single sign on loops at {application}
    = SSO to {application} returns to login page
    = SAML error at sign in to {application}
    - The sign in to {application} returns to the login page again and again.
    - The SAML response is refused because the assertion is not valid yet.
    - The federation certificate was changed and {application} does not trust it.
    # guest-access steady
    = Guest account cannot accept invitation
    = External partner has no access
    - The external partner gets an error when accepting the invitation.
    - The guest is blocked by the policy for external domains.
    - Please invite our consultant as guest to the project team.
    # service-account steady
    = Password of service account expires
    = Service account {role} locked
    - The password of the service account expires and jobs will stop.
    - The service account was locked by a job with old credentials.
    - Please exclude the account from the expiry policy.
    # name-change steady
    = Name change after marriage
    = Display name and mail address wrong
    - My surname changed and the account should follow.
    - The display name is spelled wrong in the directory.
    - The mail address still has the old name.
    # directory-sync shrinking
    = Directory sync stopped
    = New users do not appear in cloud directory
    - The directory synchronisation stopped and new users do not appear.
    - Sync reports a duplicate attribute for some objects.
    - The connector ran last on {day}.
    # smart-card dying
    = Smart card logon fails
    = Smart card reader not recognised at logon
    - The smart card is not recognised at the logon screen.
    - The certificate on the smart card expired and logon is refused.
    # passkey born
    = Passkey cannot be created
    = Passwordless sign in with passkey fails
    - The passkey cannot be created, the browser says that it is not allowed.
    - The passkey on the security key is not offered at sign in.
    - Passwordless sign in with the passkey asks for a pin that I never set.`,
  ),
  demoCenter(
    'Security Operations',
    `# phishing-mail steady
    = Suspicious mail reported
    = Phishing mail in my inbox
    = Possible phishing, link asks for password
    - I received a mail that asks me to confirm my password on a strange page.
    - The sender looks like our director but the address is foreign.
    - I clicked on the link before I noticed that it is phishing.
    # malware-alert steady
    = Malware detected on {host}
    = Antivirus alert on workstation
    = Endpoint protection quarantined a file
    - The endpoint protection found a trojan in the downloads folder.
    - The alert says that the file was quarantined, please check the machine.
    - The virus scan finds the same file again after each restart.
    # impossible-travel growing
    = Impossible travel sign in alert
    = Sign in from unknown country
    - The alert shows sign ins from two countries within an hour.
    - A sign in from {country} was seen, the user is in the office.
    - The risk level of the user was raised because of an unfamiliar location.
    # usb-blocked steady
    = USB stick is blocked
    = Need exception for usb storage
    - The usb stick is blocked by policy, I have to hand over photos.
    - Please allow the encrypted usb drive for one day.
    - The measuring device is seen as usb storage and blocked.
    # vulnerability splitting
    = Critical vulnerability on {host}
    = Patch missing according to scanner
    = Vulnerability scan finding open
    - The scanner reports a critical vulnerability on the server.
    - The finding is open for more than thirty days and must be patched.
    - The vendor fix is not applied on all nodes.
    # vulnerability-library split
    = Vulnerable library in container image
    = Image scan blocks release because of library
    - The image scan found a vulnerable library and the release is blocked.
    - The logging library in the container must be raised to the fixed version.
    - The base image brings the vulnerable package, we only inherit it.
    # web-blocked steady
    = Website blocked by proxy
    = Please unblock page of supplier
    - The page of our supplier is blocked by the web filter.
    - The category of the site is wrong, it is no gambling page.
    - The proxy shows a block page with a reference number.
    # spam-wave dying
    = Wave of spam mails
    = Spam filter lets newsletters through
    - Many users report the same spam mail this morning.
    - The spam filter lets newsletters through that were blocked before.
    # qr-phishing born
    = QR code phishing mail
    = Mail with QR code leads to fake sign in
    - The mail holds a QR code that leads to a fake sign in page.
    - Users scanned the QR code with their phone and entered the password.
    - The filter does not look into QR codes in attachments.`,
  ),
  demoCenter(
    'Email & Collaboration',
    `# mailbox-full steady
    = Mailbox full, cannot send
    = Outlook says mailbox size limit reached
    = Please enlarge my mailbox
    - Outlook says that the mailbox is full and mails cannot be sent.
    - Archiving is not active and the quota is reached.
    - I deleted old mails but the size does not change.
    # outlook-not-opening splitting
    = Outlook does not open
    = Outlook hangs at loading profile
    = Outlook crashes at start
    - Outlook hangs at loading profile and never opens.
    - It opens in safe mode only, an add-in seems to be the cause.
    - A new profile was created and the problem is the same.
    # new-outlook-missing split
    = New Outlook misses shared mailboxes
    = Switch to new Outlook lost rules and templates
    - After the switch to the new Outlook the shared mailboxes are missing.
    - My rules and templates are gone in the new Outlook.
    - I want back to classic Outlook, the toggle is greyed out.
    # shared-mailbox steady
    = Access to shared mailbox {role}
    = Shared mailbox does not show up
    - Please give me access to the shared mailbox of our team.
    - The shared mailbox does not appear in Outlook although I have the permission.
    - Sending as the shared mailbox is refused.
    # distribution-list steady
    = Add members to distribution list
    = Distribution list rejects external senders
    - Please add the new members to the distribution list.
    - External senders get a bounce from the distribution list.
    - The owner of the list left, please make me the owner.
    # teams-call growing
    = Teams calls have bad quality
    = Teams meeting without sound
    = Teams drops out of meetings
    - Teams calls are choppy and drop after some minutes.
    - In Teams meetings nobody hears me, the device test is fine.
    - Screen sharing in Teams shows a black picture.
    # sharepoint-permission steady
    = No permission on SharePoint site
    = SharePoint library cannot be opened
    - The SharePoint site says that I need permission.
    - The library opens read only, I have to edit documents.
    - Sharing with the partner is blocked on this site.
    # onedrive-sync steady
    = OneDrive does not sync
    = OneDrive shows sync conflict
    - OneDrive hangs at processing changes and does not sync.
    - Two versions of the document exist after a sync conflict.
    - The path is too long for OneDrive, the file is skipped.
    # room-booking shrinking
    = Meeting room cannot be booked
    = Room panel shows wrong bookings
    - The meeting room {room} declines every booking.
    - The panel at the door shows old bookings.
    - Double booking of {room} although it was accepted.
    # old-archive dying
    = Archived mails cannot be opened
    = Mail archive add-in missing
    - Archived mails show a stub and cannot be opened.
    - The archive add-in disappeared from Outlook.`,
  ),
];
