"""What the applications of these tests ask: whole documents with fragments, aliases and variables."""

REFUSAL = """
fragment Refused on Refusal {
  __typename
  code
  message
  path
}
"""

MONEY = """
fragment Amount on Money {
  amount
  currency
}
"""

LINK = """
fragment Link on TenantConnection {
  id
  status
  iAm
  accessToOffers
  version
  source: sourceName
  target: targetName
}
"""

OFFER = (
    MONEY
    + """
fragment SharedOffer on Offer {
  id
  version
  state
  title: internalTitle
  crossClient
  targetTenantId
  currency
  translations { language title preferred }
  products { position price { ...Amount } targetCostCenter { id label } accessRight }
  hint: selfServiceHint { type translations { language text } }
}
"""
)

ME = """
query Me {
  me {
    account { name kind }
    tenant { id name }
    organization { id code }
    organizations { isPrimary organization { code } }
    permissions
  }
}
"""

BRANCH = (
    REFUSAL
    + """
fragment Made on CreateOrganizationPayload {
  __typename
  organization { id code }
}
mutation Branches($head: ID!) {
  north: createOrganization(input: {code: "NORTH", name: "Nord", parentId: $head}) { ...Made ...Refused }
  south: createOrganization(input: {code: "SOUTH", name: "Süd", parentId: $head}) { ...Made ...Refused }
}
"""
)

PLACES = (
    REFUSAL
    + """
fragment Made on CreateOrganizationPayload {
  __typename
  organization { id code }
}
mutation Places($north: ID!, $south: ID!) {
  hamburg: createOrganization(input: {code: "HAMBURG", name: "Hamburg", parentId: $north}) { ...Made ...Refused }
  munich: createOrganization(input: {code: "MUNICH", name: "München", parentId: $south}) { ...Made ...Refused }
}
"""
)

PLACE = (
    REFUSAL
    + """
mutation Place($input: CreateOrganizationInput!) {
  createOrganization(input: $input) {
    __typename
    ... on CreateOrganizationPayload { organization { id code } }
    ...Refused
  }
}
"""
)

STAFFING = """
query Staffing {
  head: organizations(filter: {code: {eq: "HQ"}}) { nodes { id } }
  roles(first: 50) { nodes { id code } }
}
"""

HIRE = (
    REFUSAL
    + """
mutation Hire($input: CreateUserInput!) {
  createUser(input: $input) {
    __typename
    ... on CreateUserPayload { user { id name kind } }
    ...Refused
  }
}
"""
)

INVITE = (
    REFUSAL
    + LINK
    + """
mutation Invite($input: InviteTenantInput!) {
  inviteTenant(input: $input) {
    __typename
    ... on InviteTenantPayload { connection { ...Link } }
    ...Refused
  }
}
"""
)

INVITATIONS = (
    LINK
    + """
query Invitations {
  me { tenant { name } }
  waiting: tenantConnections(filter: {status: INVITED}) { totalCount nodes { ...Link } }
  all: tenantConnections { totalCount }
}
"""
)

ACCEPT = (
    REFUSAL
    + LINK
    + """
mutation Accept($input: AcceptConnectionInput!) {
  acceptConnection(input: $input) {
    __typename
    ... on AcceptConnectionPayload { connection { ...Link } }
    ...Refused
    ... on VersionConflict { currentVersion }
  }
}
"""
)

OPEN = (
    REFUSAL
    + LINK
    + """
mutation OpenAccess($input: SetAccessToOffersInput!) {
  setAccessToOffers(input: $input) {
    __typename
    ... on SetAccessToOffersPayload { connection { ...Link } }
    ...Refused
  }
}
"""
)

COST_CENTERS = (
    REFUSAL
    + """
fragment Center on CreateCostCenterPayload {
  __typename
  costCenter { id code label }
}
mutation CostCenters($digital: CreateCostCenterInput!, $print: CreateCostCenterInput!) {
  digital: createCostCenter(input: $digital) { ...Center ...Refused }
  print: createCostCenter(input: $print) { ...Center ...Refused }
}
"""
)

TARGETS_COST_CENTERS = """
query TargetsCostCenters($connection: ID!) {
  tenantConnection(id: $connection) { targetCostCenters { nodes { id label } } }
}
"""

SHARE = (
    REFUSAL
    + OFFER
    + """
mutation Share($input: CreateCrossClientOfferInput!) {
  createCrossClientOffer(input: $input) {
    __typename
    ... on CreateCrossClientOfferPayload { offer { ...SharedOffer } }
    ...Refused
    ... on CostCenterProblem { position }
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

ACTIVE_OFFERS = (
    OFFER
    + """
query ActiveOffers($first: Int = 50) {
  offers(first: $first, filter: {state: {eq: ACTIVE}, crossClient: true}) { nodes { ...SharedOffer } }
}
"""
)

EXTERNAL_OFFERS = (
    MONEY
    + """
query ExternalOffers {
  externalOffers {
    totalCount
    nodes {
      source { id name selfServiceUrl }
      offers {
        nodes {
          id
          title: internalTitle
          sellable
          products { position price { ...Amount } costCenter { id label } }
          hints { type language text }
        }
      }
    }
  }
}
"""
)

TRACES = """
query Traces($offer: ID!, $external: ID!) {
  offer(id: $offer) { id }
  externalOffer(id: $external) { id }
  nodes(ids: [$offer, $external]) { id }
  flat: allExternalOffers { totalCount }
  bySource: externalOffers { totalCount }
  own: offers { totalCount }
}
"""

CHANGE_OFFER = (
    REFUSAL
    + """
mutation ChangeOffer($input: UpdateOfferInput!) {
  updateOffer(input: $input) {
    __typename
    ... on UpdateOfferPayload { offer { id version } }
    ...Refused
    ... on VersionConflict { currentVersion }
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

ARCHIVE_OFFER = (
    REFUSAL
    + """
mutation ArchiveOffer($input: ArchiveOfferInput!) {
  archiveOffer(input: $input) { __typename ...Refused }
}
"""
)

OFFER_OF_OWN = (
    REFUSAL
    + """
mutation OfferOfOwn($input: CreateOfferInput!) {
  createOffer(input: $input) {
    __typename
    ... on CreateOfferPayload { offer { id crossClient onSale } }
    ...Refused
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

CART = (
    REFUSAL
    + """
fragment Items on Cart {
  id
  version
  sellable
  problems { code position }
  items {
    id
    position
    leadingItemId
    available
    offer { title: internalTitle }
    externalOffer { title: internalTitle source { name } }
  }
}
mutation MakeCart($input: CreateCartInput!) {
  createCart(input: $input) {
    __typename
    ... on CreateCartPayload { cart { ...Items } }
    ...Refused
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

ADD_ITEM = (
    REFUSAL
    + """
mutation AddItem($input: AddCartItemInput!) {
  addCartItem(input: $input) {
    __typename
    ... on AddCartItemPayload { cart { id version items { id } } }
    ...Refused
    ... on VersionConflict { currentVersion }
  }
}
"""
)

PARTNER = (
    REFUSAL
    + """
mutation NewPartner($input: CreatePartnerInput!) {
  createPartner(input: $input) {
    __typename
    ... on CreatePartnerPayload { partner { id number version name: displayName } }
    ...Refused
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

CUSTOMER = (
    REFUSAL
    + """
mutation NewCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on CreateCustomerPayload { customer { id number effectiveStatus { status blocked } } }
    ...Refused
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

FOR_SALE = (
    MONEY
    + """
query ForSale {
  me { displayName addresses { city countryCode } }
  tenant { name }
  cartsForSale {
    nodes {
      id
      currency
      translations { language title legalText }
      items { position offer { offerType translations { title } products { price { ...Amount } taxRate } } }
    }
  }
}
"""
)

START = (
    REFUSAL
    + MONEY
    + """
mutation Start($input: StartCheckoutInput!) {
  startCheckout(input: $input) {
    __typename
    ... on StartCheckoutPayload {
      checkout { id status country total { ...Amount } items { position title price { ...Amount } taxRate } }
    }
    ...Refused
    ... on ValidationFailed { violations { code path } }
  }
}
"""
)

PAY = (
    REFUSAL
    + MONEY
    + """
mutation Pay($input: PayCheckoutInput!) {
  payCheckout(input: $input) {
    __typename
    ... on PayCheckoutPayload {
      checkout { status }
      order { id number status total { ...Amount } items { position title price { ...Amount } } }
      invoice { id number status total { ...Amount } }
      subscriptions { id number title status manageable version }
    }
    ...Refused
  }
}
"""
)

MINE = (
    MONEY
    + """
query Mine {
  orders { totalCount nodes { number total { ...Amount } invoices { number } } }
  invoices { totalCount nodes { number status } }
  subscriptions { totalCount nodes { id number title status cancellation version } }
}
"""
)

CANCEL = (
    REFUSAL
    + """
mutation Cancel($input: CancelSubscriptionInput!) {
  cancelSubscription(input: $input) {
    __typename
    ... on CancelSubscriptionPayload { subscription { id cancellation version } }
    ...Refused
    ... on ManagedByOtherTenant { manageUrl }
  }
}
"""
)

MIRRORS = """
query Mirrors {
  subscriptions {
    totalCount
    nodes {
      id
      number
      title
      version
      role: crossClientRole
      soldBy
      customer { id }
      manageable
      manageUrl
      hint: selfServiceHint(language: "de")
      hintType: selfServiceHintType(language: "de")
      cancellation
    }
  }
}
"""

NOTICES = "query Notices { tenantNotices(first: 100) { nodes { kind fromTenantId connectionId } } }"

LINK_CUSTOMER = (
    REFUSAL
    + """
mutation LinkCustomer($input: LinkProvidedCustomerInput!) {
  linkProvidedCustomer(input: $input) {
    __typename
    ... on LinkProvidedCustomerPayload { subscription { id customer { id number } } }
    ...Refused
  }
}
"""
)

PROVIDED = """
query Provided {
  providedSubscriptions {
    nodes { subscriptionId title soldBy manageable manageUrl version hint: selfServiceHint(language: "de") }
  }
}
"""

PAYOUTS = (
    MONEY
    + """
query Payouts {
  payoutEntries {
    totalCount
    nodes {
      id
      number
      type
      iAm
      sourceName
      targetName
      amount { ...Amount }
      costCenter
      orderNumber
      invoiceNumber
      settlementStatus
      items { position amount { ...Amount } costCenter }
    }
  }
}
"""
)

PAYOUT = "query Payout($id: ID!) { payoutEntry(id: $id) { id } node(id: $id) { id } }"

NEIGHBOURS = """
fragment Card on Partner {
  id
  number
  version
  name: displayName
  responsibleOrganization { code }
}
query Neighbours($one: ID!) {
  partners(first: 100, orderBy: [{field: NAME}]) { totalCount nodes { ...Card } }
  one: partner(id: $one) { ...Card customer { effectiveData { status inherited source { code } abcClass version } } }
}
"""

RENAME = (
    REFUSAL
    + """
mutation Rename($input: UpdatePartnerInput!) {
  updatePartner(input: $input) {
    __typename
    ... on UpdatePartnerPayload { partner { id version name: displayName } }
    ...Refused
    ... on VersionConflict { currentVersion }
  }
}
"""
)

EFFECTIVE = """
query Effective($customer: ID!) {
  customer(id: $customer) {
    effectiveData { status inherited hops abcClass version source { code } }
    effectiveStatus { blocked status blockReasons }
  }
}
"""

TAKE_OVER = (
    REFUSAL
    + """
mutation TakeOver($input: TakeOverCustomerDataEditingInput!) {
  takeOverCustomerDataEditing(input: $input) {
    __typename
    ... on TakeOverCustomerDataEditingPayload {
      changed
      source { code }
      customer { effectiveData { inherited abcClass version source { code } } }
    }
    ...Refused
  }
}
"""
)

EDIT_CUSTOMER = (
    REFUSAL
    + """
mutation EditCustomer($input: UpdateCustomerDataInput!) {
  updateCustomerData(input: $input) {
    __typename
    ... on UpdateCustomerDataPayload { customer { effectiveData { inherited abcClass version } } }
    ...Refused
    ... on VersionConflict { currentVersion }
    ... on CustomerDataInherited { nextAction }
  }
}
"""
)

SET_STATUS = (
    REFUSAL
    + """
mutation SetStatus($input: SetCustomerStatusInput!) {
  setCustomerStatus(input: $input) {
    __typename
    ... on SetCustomerStatusPayload { customer { effectiveStatus { blocked status blockReasons } } }
    ...Refused
    ... on VersionConflict { currentVersion }
  }
}
"""
)

SELL = (
    REFUSAL
    + """
mutation Sell($input: StartCheckoutInput!) {
  startCheckout(input: $input) {
    __typename
    ... on StartCheckoutPayload { checkout { id total { amount currency } customer { number } } }
    ...Refused
    ... on CustomerBlocked { reasons }
  }
}
"""
)
