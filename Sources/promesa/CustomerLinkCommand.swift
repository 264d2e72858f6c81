import ArgumentParser
import Quantities
import Service

struct CustomerLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer-link",
        abstract: "The address of an account's own page, as of today: give it only to the customer, once verified.")

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The account.") var account: String

    func run() async throws {
        let configuration = try options.load().0
        guard let links = configuration.customerLinks else {
            throw refuse("there are no customers' pages: set `customer_page` in the configuration")
        }
        let zone = try configuration.loadWorldOrRefuse().zone
        print(links.link(account, on: Moment.now.day(in: zone)))
    }
}
