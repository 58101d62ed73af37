import { demoCenter } from '../theme';

export const business = [
  demoCenter(
    'SAP',
    `# sap-authorization steady
    = Missing authorization for transaction {transaction}
    = SAP role needed for {transaction}
    = No authorization in SAP, SU53 attached
    - I have no authorization for transaction {transaction}, the SU53 screenshot is attached.
    - My SAP role is missing after the change of position.
    - The authorization check fails on the plant of our site.
    # idoc-error splitting
    = IDoc in status 51
    = IDocs stuck, orders not created
    = Inbound IDoc error for order {number}
    - Inbound IDocs are in status 51 and orders are not created.
    - The partner profile is missing and the IDoc cannot be posted.
    - Reprocessing the IDoc in BD87 gives the same error.
    # idoc-outbound-port split
    = Outbound IDocs wait in port after tRFC change
    = IDocs status 30 not sent to partner
    - Outbound IDocs stay in status 30, the port does not send them.
    - Since the change of the RFC destination outbound IDocs are not sent to the warehouse.
    - The tRFC queue in SM58 is full of outbound IDocs.
    # sap-slow steady
    = SAP very slow
    = Transaction {transaction} runs into time out
    = Dialog response time in SAP too high
    - SAP is very slow today, {transaction} takes a minute for one screen.
    - The transaction ends with TIME_OUT after ten minutes.
    - All dialog work processes are busy in SM50.
    # batch-job steady
    = Background job cancelled
    = Job {role} failed in SM37
    = Nightly batch did not run
    - The background job was cancelled with an ABAP dump.
    - The job did not start because its predecessor failed in SM37.
    - The nightly batch still runs and blocks the morning.
    # period-close growing
    = Posting period not open
    = Period closing stops with error
    - Posting is not possible, the period is not open for this company code.
    - The month end closing stops at the depreciation run.
    - Balance carry forward shows a difference after the closing.
    # goods-receipt steady
    = Goods receipt cannot be posted
    = MIGO error for purchase order {number}
    - The goods receipt for the purchase order cannot be posted in MIGO.
    - The quantity is greater than the open quantity of the purchase order.
    - The movement type is not allowed for this material.
    # sap-printing shrinking
    = Output from SAP not printed
    = SAP spool request with error
    - The delivery note is not printed, the spool request has an error.
    - The output device is locked in SPAD.
    # sapgui dying
    = SAP GUI does not start
    = SAP logon entries missing
    - SAP GUI does not start after the update of the client.
    - The logon pad is empty, all entries are missing.
    # fiori born
    = Fiori tile missing
    = Fiori launchpad shows blank page
    - The tile for approvals is missing in the Fiori launchpad.
    - The launchpad shows a blank page after the sign in.
    - The Fiori app says that the service could not be loaded.`,
  ),
  demoCenter(
    'HR Systems',
    `# payslip steady
    = Payslip not available
    = Cannot open payslip of last month
    - The payslip of last month is not shown in the portal.
    - The document cannot be opened, the page stays white.
    - My payslip shows the wrong tax class.
    # time-booking splitting
    = Time booking missing
    = Working hours not recorded by terminal
    = Clock in at terminal not booked
    - My clock in at the terminal was not booked.
    - The working time account shows minus hours that are wrong.
    - The time terminal at the gate did not react to the badge.
    # time-mobile-app split
    = Mobile time booking app does not send
    = Time app loses bookings when offline
    - The mobile time app does not send the bookings made offline.
    - Bookings from the time app disappear after the synchronisation.
    - The app says location not allowed when I book my time.
    # leave-request growing
    = Leave request stuck in approval
    = Vacation days wrong
    - The leave request waits for a manager who left the company.
    - The vacation balance does not include the days of last year.
    - The approval mail for the leave request never came.
    # recruiting steady
    = Candidate cannot upload documents
    = Job posting not visible on career page
    - Candidates cannot upload their documents, the upload ends with an error.
    - The job posting is approved but does not show on the career page.
    - Interview invitations are sent in the wrong language.
    # training-course steady
    = Mandatory training not marked as complete
    = E-learning course does not start
    - The mandatory training was finished but is still shown as open.
    - The e-learning video does not start in the browser.
    - The certificate of the course cannot be downloaded.
    # org-chart steady
    = Wrong manager in system
    = Org chart not up to date
    - The system shows my former manager, approvals go to the wrong person.
    - The org chart still has the old structure.
    - The cost centre of my team is wrong since the reorganisation.
    # travel-expense shrinking
    = Travel expense report rejected
    = Receipt upload for travel expense fails
    - The expense report was sent back because a receipt could not be read.
    - Receipt photos cannot be attached to the travel expense.
    - The per diem for {country} is wrong.
    # old-appraisal dying
    = Appraisal form cannot be submitted
    = Goals missing in appraisal
    - The appraisal form cannot be submitted, the button does nothing.
    - The goals of last year are missing in the form.
    # pension-portal born
    = Pension portal login not possible
    = New pension portal does not know employee
    - The new pension portal does not know my employee number.
    - The activation letter for the pension portal has an invalid code.
    - Pension contributions are not shown in the new portal.`,
  ),
  demoCenter(
    'E-Commerce',
    `# checkout-error splitting
    = Checkout fails with error
    = Customers cannot complete the order
    = Order button does nothing in web shop
    - Customers report that the checkout ends with an error after the address.
    - The order button spins for ever and no order is created.
    - The basket is empty after returning from checkout.
    # payment-provider-3ds split
    = Card payments fail at 3-D Secure step
    = Payment declined since change of provider
    - Card payments fail at the 3-D Secure step since the payment provider was changed.
    - The payment page of the new provider returns declined for valid cards.
    - The callback of the payment provider is not received.
    # search-wrong steady
    = Product search shows wrong results
    = Search in shop finds nothing
    - The product search finds nothing for article names that exist.
    - New products are missing in the search index.
    - The filter by size shows articles that are sold out.
    # price-wrong steady
    = Wrong price in shop
    = Discount not applied in basket
    - The shop shows another price than the price list.
    - The discount code is accepted but not applied in the basket.
    - Net and gross prices are mixed up for business customers.
    # stock-sync growing
    = Stock in shop not up to date
    = Sold out articles can be ordered
    - Articles that are sold out can still be ordered.
    - The stock interface from the warehouse delivers nothing since {day}.
    - Stock of variants is added up wrongly.
    # page-slow steady
    = Shop pages load slowly
    = Start page takes very long
    - Product pages take ten seconds to load in the evening.
    - The content network serves large pictures without compression.
    - Monitoring shows a high time to first byte.
    # newsletter steady
    = Newsletter not delivered
    = Unsubscribe link in newsletter broken
    - The newsletter was not delivered to a part of the recipients.
    - The unsubscribe link leads to an error page.
    - The voucher in the newsletter is expired.
    # returns steady
    = Return label cannot be created
    = Refund not triggered
    - The return label cannot be created in the customer account.
    - The refund was not triggered although the parcel arrived.
    - The return status is not updated by the carrier.
    # old-catalog dying
    = PDF catalogue download broken
    = Printed catalogue order form fails
    - The download of the PDF catalogue ends with not found.
    - The order form for the printed catalogue fails.
    # recommendation born
    = Recommendations show unsuitable products
    = Recommendation box empty on product page
    - The recommendation box proposes articles of another category.
    - The box for similar products is empty since the new model.
    - Recommended articles are sold out.`,
  ),
  demoCenter(
    'Data & Analytics',
    `# dashboard-refresh splitting
    = Dashboard not refreshed
    = Scheduled refresh of report failed
    = Figures in dashboard from yesterday
    - The scheduled refresh of the dashboard failed and figures are old.
    - The data source credentials of the dataset are invalid.
    - The refresh ends with a memory error since the dataset grew.
    # gateway-offline split
    = Data gateway offline, reports cannot refresh
    = On-premises gateway cluster unreachable
    - The on-premises data gateway is offline and no report can refresh.
    - One node of the gateway cluster has an old version and refuses queries.
    - After the patch day the gateway service does not start.
    # etl-failed steady
    = Load job into warehouse failed
    = Nightly ETL stopped
    = Staging tables empty
    - The nightly load stopped at the staging step, a column has another type.
    - The source file did not arrive in time and the load was skipped.
    - The job loaded the same day twice.
    # wrong-figures growing
    = Wrong revenue figures in report
    = Numbers in report differ from source
    - The revenue in the report differs from the finance system.
    - Returns are counted twice in the sales report.
    - The exchange rate of last month is used.
    # report-access steady
    = No access to report {role}
    = Permission for workspace missing
    - I cannot open the report, it asks to request access.
    - Row level security hides the data of my region.
    - Please add our team to the workspace as viewers.
    # export-excel steady
    = Export to Excel fails
    = Export from report cut off
    - The export to Excel is cut off at one hundred fifty thousand rows.
    - The export ends with an error for the large table.
    - Dates are exported as text.
    # notebook-cluster steady
    = Notebook cluster does not start
    = Spark job out of memory
    - The cluster for the notebooks does not start, no nodes are available.
    - The spark job dies with out of memory at the join.
    - Libraries are missing on the new cluster image.
    # master-data shrinking
    = Duplicate customers in master data
    = Material master incomplete
    - The same customer exists several times in the master data.
    - The material master has no weight and cannot be shipped.
    # old-cube dying
    = OLAP cube processing failed
    = Cube cannot be opened in Excel
    - The processing of the cube failed at the customer dimension.
    - Excel cannot connect to the old cube.
    # model-drift born
    = Forecast model gives strange values
    = Demand forecast far too high
    - The demand forecast is far too high since the new training.
    - The forecast model returns negative values for small articles.
    - The features of the model are empty for the new region.`,
  ),
];
