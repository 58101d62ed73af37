import { demoCenter } from '../theme';

export const workplace = [
  demoCenter(
    'Service Desk',
    `# password-expired steady
    = Password expired, cannot log in
    = Windows password reset needed
    = Forgot my password after holiday
    - My Windows password expired and the reset page does not accept the new one.
    - I forgot my password and need a temporary one to log in.
    - After the holiday the laptop says that the password has expired.
    # account-locked splitting
    = Account locked out
    = User account locked after failed logins
    = Please unlock my account
    - The account is locked after too many failed logins, please unlock it.
    - It locks again minutes after it was unlocked, perhaps an old device still tries.
    - The lock comes back {every}, nobody types a wrong password.
    # phone-old-password-lock split
    = Phone keeps locking account after password change
    = Account locked by mail app on old phone
    - Since the password change the mail app on the phone sends the old password and locks the account.
    - The lockout source is a mobile device that still has the old password stored.
    - Please remove the stored password from the phone profile, it locks the account again.
    # software-install growing
    = Please install {application}
    = Software request: {application}
    = {application} missing in software centre
    - I need {application} for a project, it does not show up in the software centre.
    - The installation of {application} stops because administrator rights are needed.
    - Please assign the licence and push the package to {host}.
    # new-starter steady
    = New employee starts on {day}, equipment and accounts
    = Onboarding of a new colleague
    = Set up workplace for new joiner
    - A new colleague starts on {day} and needs a laptop, an account and a badge.
    - Please prepare the workplace and the mailbox for the new joiner.
    - The manager has approved the onboarding form.
    # leaver steady
    = Employee leaves, disable accounts
    = Offboarding of colleague at end of month
    - The colleague leaves at the end of the month, please disable all accounts.
    - Equipment is returned on the last day, the mailbox goes to the manager.
    - Remove the leaver from distribution lists and licences.
    # slow-laptop shrinking
    = Laptop extremely slow
    = Computer takes very long to start
    = Everything hangs on my notebook
    - The laptop needs ten minutes to start and every program hangs.
    - The fan runs at full speed and the disk is at one hundred percent.
    - Opening a document takes minutes since the last update.
    # chat-bot-wrong born
    = Chat assistant gives wrong article
    = Self service bot does not create the ticket
    - The chat assistant answers with an article that has nothing to do with the question.
    - The bot says that a ticket was created but none exists.
    - Please correct the answers of the self service assistant.
    # old-portal-login dying
    = Old request portal does not open
    = Cannot sign in to old self service portal
    - The old portal shows a blank page after the sign in.
    - My open requests in the old portal are not visible.`,
  ),
  demoCenter(
    'Workplace Devices',
    `# blue-screen steady
    = Blue screen on {host}
    = Laptop crashes with stop code
    = PC restarts by itself with bluescreen
    - The machine shows a blue screen with stop code {stop} and restarts.
    - The crash comes when the laptop wakes from sleep.
    - The minidump points to the graphics driver.
    # docking-station splitting
    = Docking station does not detect monitors
    = Second monitor black on docking station
    = Dock loses screens after sleep
    - The docking station does not detect the external monitors after sleep.
    - Unplugging the dock and plugging it in brings the screens back for a while.
    - The dock charges the laptop but video does not come through.
    # dock-firmware-network split
    = No network through dock after firmware update
    = Dock ethernet dead since firmware update
    - Since the firmware update the ethernet port of the docking station is dead.
    - The dock is listed but its network adapter has a code 10 after the firmware update.
    - Rolling back the dock firmware brings the network port back.
    # battery growing
    = Laptop battery empty after an hour
    = Battery swollen, laptop does not close
    = Notebook only runs on power supply
    - The battery lasts less than an hour, the report shows forty percent of its capacity.
    - The battery is swollen and pushes the touchpad up.
    - The notebook switches off when the power cord is removed.
    # keyboard-mouse steady
    = Keys on keyboard do not work
    = Wireless mouse stutters
    = Spilled coffee on keyboard
    - Several keys do not react since coffee was spilled on the keyboard.
    - The wireless mouse stutters and its pointer jumps.
    - The keyboard types the wrong letters, the layout is right.
    # windows-update steady
    = Windows update fails with {updatecode}
    = Feature update stuck
    = Update rolls back at restart
    - The update {kb} fails with {updatecode} and rolls back.
    - The feature update hangs at sixty percent for hours.
    - After the update the machine repeats the restart three times.
    # headset-audio steady
    = No sound in headset during calls
    = Microphone not detected
    = Headset audio cuts out
    - Others cannot hear me, the microphone of the headset is not detected.
    - The sound cuts out in the middle of calls with the usb headset.
    - The headset shows as connected but no sound comes out.
    # bitlocker shrinking
    = Bitlocker asks for recovery key
    = Recovery key needed after bios update
    - The laptop asks for the bitlocker recovery key at every start.
    - After the bios update the encryption recovery screen appears.
    - I need the recovery key for {host}, I cannot work.
    # old-imaging dying
    = Network imaging of PCs fails
    = PXE boot does not start imaging
    - The PXE boot ends with no boot filename received.
    - The image deployment stops when drivers are installed.`,
  ),
  demoCenter(
    'Mobile',
    `# mail-on-phone steady
    = No mail on the phone
    = Mail app does not sync on iPhone
    = Calendar on phone not up to date
    - The mail app on the phone has not synced since {day}.
    - The calendar on the phone shows meetings that were cancelled.
    - Removing and adding the mail profile did not help.
    # enrollment growing
    = Phone cannot be enrolled
    = Device enrolment ends with error
    = Company portal does not register device
    - The enrolment in device management stops with profile installation failed.
    - The company portal says that the device limit is reached.
    - The new phone is not compliant although all policies are met.
    # sim-roaming steady
    = No mobile data abroad
    = Roaming does not work in {country}
    = SIM has no data when travelling
    - In {country} the phone has no mobile data, roaming is switched on.
    - Calls work abroad but data does not.
    - Please book the travel option for the SIM before {day}.
    # broken-screen steady
    = Phone display broken
    = Cracked screen, replacement phone
    - The phone fell down and the display is cracked.
    - Touch does not react on the lower half of the broken screen.
    - Please send a replacement phone to {site}.
    # lost-phone steady
    = Phone lost, please wipe
    = Company phone stolen
    - My company phone was stolen, please lock and wipe it.
    - The phone got lost in the train, the SIM should be blocked.
    - A police report was made, I need a new phone and SIM.
    # app-crash shrinking
    = {application} app crashes on phone
    = App closes at start on tablet
    - The {application} app closes right after it starts on the tablet.
    - Since the last app update it crashes when a photo is attached.
    - Installing the app again does not help.
    # esim born
    = eSIM activation fails
    = eSIM profile cannot be downloaded
    - The eSIM profile cannot be downloaded, the activation code is already used.
    - After the change of phone the eSIM was not transferred.
    - The QR code of the eSIM is refused by the phone.
    # old-android dying
    = Old Android phone no longer supported
    = Security patch level too old on Android
    - The old Android phone gets no updates and is blocked by compliance.
    - The patch level is too old, company apps refuse to start.`,
  ),
  demoCenter(
    'Printing',
    `# paper-jam steady
    = Paper jam in printer {printer}
    = Printer {printer} jams all the time
    - The printer reports a paper jam in tray two, no paper is to be found.
    - Paper tears in the fuser at every second page.
    - The rollers are worn, the printer pulls several sheets at once.
    # print-queue splitting
    = Print jobs stuck in queue
    = Nothing comes out of printer {printer}
    = Print queue hangs on print server
    - Print jobs stay in the queue and cannot be deleted.
    - The spooler on the print server stops when a large document is printed.
    - After the spooler was restarted the old jobs came out twice.
    # badge-release split
    = Follow me printing: badge not accepted at printer
    = Secure print release does not know my badge
    - The badge reader of the printer does not accept my new badge.
    - Secure print release asks to register the badge at every release.
    - Follow me jobs are not listed after I hold my badge to the reader.
    # toner steady
    = Toner empty in {printer}
    = Black toner cartridge needed
    = Prints are pale, toner low
    - The toner is empty, there is no spare cartridge in {room}.
    - Prints are pale and have stripes, the black toner is low.
    - A new cartridge was inserted but the printer does not recognise it.
    # driver steady
    = Printer driver missing on {host}
    = Cannot add printer, driver not found
    - The printer cannot be added because the driver is not found.
    - Since the update the driver prints letters as signs.
    - Installing the driver needs administrator rights.
    # scan-to-mail growing
    = Scan to mail does not work
    = Scanned documents do not arrive
    = Scanner cannot send to network folder
    - Scanned documents never arrive by mail, the device shows sending failed.
    - The scan to folder function reports a login error.
    - The address book of the scanner is empty.
    # label-printer steady
    = Label printer prints shifted labels
    = Barcode on labels not readable
    - The label printer shifts every label by some millimetres.
    - The barcode cannot be read, the print head has a broken line.
    - The label size was changed and calibration does not help.
    # fax dying
    = Fax not sent
    = Incoming fax missing
    - The fax could not be sent, the line is busy all the time.
    - Incoming faxes are no longer forwarded to the mailbox.
    # cloud-print born
    = Universal print does not list printers
    = Cloud printer offline although switched on
    - The cloud print service lists no printers near me.
    - The connector shows the cloud printer as offline.
    - Print jobs through the cloud stay in status processing.`,
  ),
];
