"""The node types. One line here and one file beside it make a new one."""

from flows.nodes.answer import AnswerNode
from flows.nodes.base import Node
from flows.nodes.branch import Branch
from flows.nodes.business_hours import BusinessHours
from flows.nodes.collect import Collect
from flows.nodes.confirm import Confirm
from flows.nodes.hang_up import HangUp
from flows.nodes.language import Language
from flows.nodes.listen import Listen
from flows.nodes.lookup import Lookup
from flows.nodes.menu import Menu
from flows.nodes.message import Message
from flows.nodes.open_ticket import OpenTicketNode
from flows.nodes.opening import Opening
from flows.nodes.opt_out import OptOut
from flows.nodes.rate import Rate
from flows.nodes.record import Record
from flows.nodes.reopen_ticket import ReopenTicket
from flows.nodes.request_callback import RequestCallback
from flows.nodes.send_sms import SendSms
from flows.nodes.set_value import SetValue
from flows.nodes.subflow import Subflow
from flows.nodes.ticket_status import TicketStatus
from flows.nodes.transfer import Transfer

NODE_TYPES: tuple[type[Node], ...] = (
    Opening,
    Message,
    Menu,
    Collect,
    Confirm,
    Listen,
    Record,
    AnswerNode,
    Rate,
    Language,
    Branch,
    SetValue,
    BusinessHours,
    Subflow,
    Lookup,
    OpenTicketNode,
    ReopenTicket,
    TicketStatus,
    SendSms,
    OptOut,
    Transfer,
    RequestCallback,
    HangUp,
)
"""Every node type, in the order of the editor's palette."""
